import 'reflect-metadata';
import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { versionKey } from '../../domain/subject-version.ts';
import { deleteVersion, inUse } from '../../usecases/delete-versions.ts';
import { deprecateVersion } from '../../usecases/deprecate-version.ts';
import { getVersion } from '../../usecases/get-version.ts';
import { rollbackProblem, rollbackSubject } from '../../usecases/rollback-subject.ts';
import { plainText } from '../schema-input.ts';
import {
  DeleteVersionInput,
  DeleteVersionResult,
  DeprecateVersionInput,
  DeprecateVersionResult,
  RollbackSubjectInput,
  RollbackSubjectResult,
  RollbackUnreadable,
  SubjectRolledBack,
  VersionDeleted,
  VersionDeprecated,
  VersionInUse,
} from './lifecycle-types.ts';
import type { RegistryContext } from './registry-context.ts';
import { toRollbackReportType } from './report-types.ts';
import { orMember, orMissing, toMissing } from './to-failure.ts';
import { toVersionType } from './version-types.ts';

/** What becomes of versions. A publisher may deprecate; to roll back or delete takes a steward. */
@Resolver()
export class LifecycleResolver {
  @Mutation(() => RollbackSubjectResult, {
    description: 'Makes an older version the latest again. Needs the role steward.',
  })
  async rollbackSubject(
    @Arg('input', () => RollbackSubjectInput) input: RollbackSubjectInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof RollbackSubjectResult> {
    return await orMember<typeof RollbackSubjectResult, typeof RollbackSubjectResult>(async () => {
      requireRole(principal, 'steward');
      const { subject, to, reason, approver, force } = input;
      const wish = {
        subject,
        to,
        by: principal.id,
        reason: optionalText(reason),
        approver: optionalText(approver),
        force: force ?? false,
      };
      const outcome = await rollbackSubject(registry, wish);
      if (outcome.kind === 'unreadable') {
        const { code, message } = rollbackProblem(wish, outcome.report);
        const report = toRollbackReportType(outcome.report);
        return Object.assign(new RollbackUnreadable(), { code, message, path: ['to'], report });
      }
      return Object.assign(new SubjectRolledBack(), {
        latest: toVersionType(outcome.latest),
        rolledBack: outcome.rolledBack.map(toVersionType),
        report: toRollbackReportType(outcome.report),
      });
    }, toUnused);
  }

  @Mutation(() => DeprecateVersionResult, {
    description:
      'Says that a version should no longer be used, or takes that back. Needs the role publisher.',
  })
  async deprecateVersion(
    @Arg('input', () => DeprecateVersionInput) input: DeprecateVersionInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof DeprecateVersionResult> {
    return await orMissing<typeof DeprecateVersionResult>(async () => {
      requireRole(principal, 'publisher', 'steward');
      const { subject, version, sunset, note, withdraw } = input;
      const deprecation = { sunset: sunset ?? null, note: optionalText(note) ?? null };
      const changed = await deprecateVersion(
        registry,
        subject,
        version,
        withdraw === true ? null : deprecation,
      );
      return Object.assign(new VersionDeprecated(), { version: toVersionType(changed) });
    });
  }

  @Mutation(() => DeleteVersionResult, {
    description:
      'Takes a version out of what is offered; its id can still be read. Then, with `permanent`, removes it for good. Needs the role steward.',
  })
  async deleteVersion(
    @Arg('input', () => DeleteVersionInput) input: DeleteVersionInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof DeleteVersionResult> {
    return await orMember<typeof DeleteVersionResult, typeof DeleteVersionResult>(async () => {
      requireRole(principal, 'steward');
      const { subject, version: name } = input;
      const permanent = input.permanent ?? false;
      const { version } = await getVersion(registry, subject, name, { deleted: true });
      const outcome = await deleteVersion(registry, subject, version, { permanent });
      switch (outcome.kind) {
        case 'deleted':
          return Object.assign(new VersionDeleted(), {
            id: versionKey({ subject, version }),
            subject,
            version,
            permanent,
          });
        case 'referenced':
          throw inUse(subject, outcome.by);
        case 'not_found':
          throw new Problem('VERSION_NOT_FOUND', `${subject} has no version ${name} any more`);
        case 'already_deleted':
          throw new Problem('CONFLICT', `version ${version} of ${subject} is deleted already`, {
            fix: 'remove it for good with permanent',
            path: '/permanent',
          });
        case 'still_live':
          throw new Problem('CONFLICT', `version ${version} of ${subject} is not deleted yet`, {
            fix: 'delete it first, without permanent',
            path: '/permanent',
          });
      }
    }, toUnused);
  }
}

function toUnused(problem: Problem) {
  const { code, message } = problem;
  return code === 'REFERENCE_IN_USE'
    ? Object.assign(new VersionInUse(), { code, message, path: ['version'] })
    : toMissing(problem);
}

function optionalText(text: string | null | undefined): string | undefined {
  return text === null || text === undefined ? undefined : parseBody(plainText.min(1), text);
}
