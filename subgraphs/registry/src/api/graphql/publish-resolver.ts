import 'reflect-metadata';
import { Problem } from '@spine/kernel/problem';
import { hasRole, requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { formatSemver } from '../../domain/semver.ts';
import { checkSchema } from '../../usecases/check-schema.ts';
import type { SchemaRequest } from '../../usecases/publish-request.ts';
import { type PublishOutcome, publishSchema } from '../../usecases/publish-schema.ts';
import { toCheckResult } from '../check-result.ts';
import { refusalProblem, refusalText } from '../refusal.ts';
import { plainText, schemaInputShape, toSchemaRequest } from '../schema-input.ts';
import {
  CheckSchemaInput,
  CheckSchemaResult,
  IncompatibleSchema,
  PublishSchemaInput,
  PublishSchemaResult,
  SchemaCheck,
  SchemaPublished,
  VersionUnderstated,
} from './publish-types.ts';
import type { RegistryContext } from './registry-context.ts';
import { toVersionType } from './subject-types.ts';
import { toFailure } from './to-failure.ts';

/** Publishing and checking. What a caller can do something about is a member of the result. */
@Resolver()
export class PublishResolver {
  @Mutation(() => PublishSchemaResult, { description: 'Publishes a version. Needs the role publisher.' })
  async publishSchema(
    @Arg('input', () => PublishSchemaInput) input: PublishSchemaInput,
    @Ctx() context: RegistryContext,
  ): Promise<typeof PublishSchemaResult> {
    return await orFailure<typeof PublishSchemaResult>(async () => {
      const { principal, registry } = context;
      requireRole(principal, 'publisher');
      const outcome = await publishSchema(registry, {
        ...toRequest(input),
        publishedBy: principal.id,
        mayChangeLevel: hasRole(principal, 'steward'),
        idempotencyKey: parseBody(plainText.min(1).max(255), input.idempotencyKey),
      });
      return toResult(input.subject, outcome);
    });
  }

  @Query(() => CheckSchemaResult, { description: 'What publishing would do. Stores nothing.' })
  async checkSchema(
    @Arg('input', () => CheckSchemaInput) input: CheckSchemaInput,
    @Ctx() context: RegistryContext,
  ): Promise<typeof CheckSchemaResult> {
    return await orFailure<typeof CheckSchemaResult>(async () => {
      const { known, report, ...rest } = toCheckResult(await checkSchema(context.registry, toRequest(input)));
      return Object.assign(new SchemaCheck(), {
        ...rest,
        known: known === null ? null : toVersionType(known),
        report: { ...report },
      });
    });
  }
}

function toRequest(input: CheckSchemaInput): SchemaRequest {
  const { subject, schema, schemaType, requestedVersion, level, tags } = input;
  return toSchemaRequest(
    subject,
    parseBody(schemaInputShape, {
      schema,
      schemaType: schemaType ?? undefined,
      version: requestedVersion ?? undefined,
      level: level ?? undefined,
      tags:
        tags == null ? undefined : Object.fromEntries(tags.map(({ path, tags: labels }) => [path, labels])),
    }),
  );
}

function toResult(subject: string, outcome: PublishOutcome): typeof PublishSchemaResult {
  switch (outcome.kind) {
    case 'published':
    case 'known':
      return Object.assign(new SchemaPublished(), {
        version: toVersionType(outcome.version),
        created: outcome.kind === 'published',
      });
    case 'incompatible':
      return Object.assign(new IncompatibleSchema(), {
        code: 'INCOMPATIBLE_SCHEMA',
        path: ['schema'],
        ...refusalOf(subject, outcome),
      });
    case 'understated':
      return Object.assign(new VersionUnderstated(), {
        code: 'VERSION_UNDERSTATED',
        path: ['requestedVersion'],
        ...refusalOf(subject, outcome),
      });
    default:
      throw refusalProblem(subject, outcome);
  }
}

function refusalOf(subject: string, outcome: Parameters<typeof refusalText>[1]) {
  return {
    message: refusalText(subject, outcome),
    required: formatSemver(outcome.required),
    report: { ...outcome.report },
  };
}

async function orFailure<Result>(
  act: () => Promise<Result>,
): Promise<Result | NonNullable<ReturnType<typeof toFailure>>> {
  try {
    return await act();
  } catch (error) {
    const failure = error instanceof Problem ? toFailure(error) : undefined;
    if (failure === undefined) throw error;
    return failure;
  }
}
