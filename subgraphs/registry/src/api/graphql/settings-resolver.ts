import 'reflect-metadata';
import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { z } from 'zod';
import { axes } from '../../domain/check-rules.ts';
import { parseSeverities } from '../../domain/lint/parse-severities.ts';
import { parseSubjectName } from '../../domain/subject-name.ts';
import { updateSettings } from '../../usecases/update-settings.ts';
import { registerUsage, removeUsage } from '../../usecases/usages.ts';
import { plainText } from '../schema-input.ts';
import type { RegistryContext } from './registry-context.ts';
import {
  RegisterUsageInput,
  RegisterUsageResult,
  RemoveUsageInput,
  RemoveUsageResult,
  SubjectSettingsUpdated,
  UpdateSubjectSettingsInput,
  UpdateSubjectSettingsResult,
  UsageRegistered,
  UsageRemoved,
} from './settings-types.ts';
import { toSubjectType } from './subject-types.ts';
import { orMissing } from './to-failure.ts';
import { UsageType } from './usage-types.ts';

const usageShape = z.object({
  name: plainText.min(1).max(255),
  contact: plainText.min(1).optional(),
});

/** What a subject promises and who uses it (R7). */
@Resolver()
export class SettingsResolver {
  @Mutation(() => UpdateSubjectSettingsResult, {
    description: 'Changes what a subject says of itself; what is left out stays. Needs the role steward.',
  })
  async updateSubjectSettings(
    @Arg('input', () => UpdateSubjectSettingsInput) input: UpdateSubjectSettingsInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof UpdateSubjectSettingsResult> {
    return await orMissing<typeof UpdateSubjectSettingsResult>(async () => {
      requireRole(principal, 'steward');
      const { level, lint, axes: chosen, profile, policy, owner } = input;
      const settings = {
        ...(profile != null && { profile }),
        ...(policy != null && { policy }),
        ...(level !== undefined && { ownLevel: level }),
        ...(chosen != null && { axes: axes.filter((axis) => chosen.includes(axis)) }),
        ...(lint != null && {
          lint: parseSeverities(
            Object.fromEntries(lint.map(({ rule, severity }) => [rule, severity])),
            '/lint',
          ),
        }),
        ...(owner != null && { owner: parseBody(plainText.min(1), owner) }),
      };
      const subject = await updateSettings(registry, parseSubjectName(input.subject), settings, {
        by: principal.id,
      });
      return Object.assign(new SubjectSettingsUpdated(), { subject: toSubjectType(subject) });
    });
  }

  @Mutation(() => RegisterUsageResult, {
    description: 'Registers who writes or reads a subject, and by which version. Needs the role publisher.',
  })
  async registerUsage(
    @Arg('input', () => RegisterUsageInput) input: RegisterUsageInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof RegisterUsageResult> {
    return await orMissing<typeof RegisterUsageResult>(async () => {
      requireRole(principal, 'publisher', 'service');
      const { subject, role, version, name, contact } = input;
      const who = parseBody(usageShape, { name, contact: contact ?? undefined });
      const usage = await registerUsage(registry, { subject, role, version, ...who, by: principal.id });
      return Object.assign(new UsageRegistered(), { usage: Object.assign(new UsageType(), usage) });
    });
  }

  @Mutation(() => RemoveUsageResult, {
    description: 'Forgets a producer or consumer. Needs the role publisher.',
  })
  async removeUsage(
    @Arg('input', () => RemoveUsageInput) input: RemoveUsageInput,
    @Ctx() { principal, registry }: RegistryContext,
  ): Promise<typeof RemoveUsageResult> {
    return await orMissing<typeof RemoveUsageResult>(async () => {
      requireRole(principal, 'publisher', 'service');
      const { subject, role, name } = input;
      await removeUsage(registry, { subject, role, name });
      return Object.assign(new UsageRemoved(), { subject, role, name });
    });
  }
}
