import 'reflect-metadata';
import { hasRole, requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { formatSemver } from '../../domain/semver.ts';
import { checkInScope, publishInScope } from '../../usecases/publish-in-scope.ts';
import type { PublishOutcome, PublishRefusal } from '../../usecases/publish-schema.ts';
import { toCheckResult } from '../check-result.ts';
import { refusalProblem, refusalText } from '../refusal.ts';
import { plainText, schemaInputShape, toSchemaRequest } from '../schema-input.ts';
import {
  CheckSchemaInput,
  CheckSchemaResult,
  IncompatibleSchema,
  InventoryDemands,
  LintRejected,
  PublishSchemaInput,
  PublishSchemaResult,
  SchemaCheck,
  SchemaPublished,
  VersionUnderstated,
} from './publish-types.ts';
import type { RegistryContext } from './registry-context.ts';
import { toReportType } from './report-types.ts';
import { toDemandType, toFindingType } from './review-types.ts';
import { orFailure } from './to-failure.ts';
import { toVersionType } from './version-types.ts';

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
      const outcome = await publishInScope(registry, {
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
      const { known, report, findings, missing, ...rest } = toCheckResult(
        await checkInScope(context.registry, toRequest(input)),
      );
      return Object.assign(new SchemaCheck(), {
        ...rest,
        known: known === null ? null : toVersionType(known),
        report: toReportType(report),
        findings: findings.map(toFindingType),
        missing: missing.map(toDemandType),
      });
    });
  }
}

function toRequest(input: CheckSchemaInput & Partial<PublishSchemaInput>) {
  const { subject, schema, schemaType, requestedVersion, level, profile, references, tags } = input;
  const { dataClass, retention, metadata, owner } = input;
  return toSchemaRequest(
    subject,
    parseBody(schemaInputShape, {
      schema,
      schemaType: schemaType ?? undefined,
      version: requestedVersion ?? undefined,
      level: level ?? undefined,
      profile: profile ?? undefined,
      references: references?.map((reference) => ({ ...reference })),
      tags: tags == null ? undefined : Object.fromEntries(tags.map((field) => [field.path, field.tags])),
      dataClass: dataClass ?? undefined,
      retention: retention ?? undefined,
      metadata: metadata ?? undefined,
      owner: owner ?? undefined,
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
        findings: outcome.kind === 'published' ? outcome.findings.map(toFindingType) : [],
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
    case 'lint_rejected':
      return Object.assign(new LintRejected(), {
        ...failureOf(subject, outcome, ['schema']),
        findings: outcome.findings.map(toFindingType),
      });
    case 'inventory_demands':
      return Object.assign(new InventoryDemands(), {
        ...failureOf(subject, outcome, ['tags']),
        missing: outcome.missing.map(toDemandType),
      });
    default:
      throw refusalProblem(subject, outcome);
  }
}

function refusalOf(subject: string, outcome: Parameters<typeof refusalText>[1]) {
  return {
    message: refusalText(subject, outcome),
    required: formatSemver(outcome.required),
    report: toReportType(outcome.report),
  };
}

function failureOf(subject: string, outcome: PublishRefusal, path: readonly string[]) {
  const { code, message } = refusalProblem(subject, outcome);
  return { code, message, path: [...path] };
}
