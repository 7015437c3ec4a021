import { requireRole } from '@spine/platform/auth/authorise';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { axes, policies, profiles } from '../../domain/check-rules.ts';
import { compatibilityLevels } from '../../domain/compatibility-level.ts';
import { parseSeverities } from '../../domain/lint/parse-severities.ts';
import { parseSubjectName } from '../../domain/subject-name.ts';
import { effectiveLevel } from '../../usecases/effective-level.ts';
import { getSubject } from '../../usecases/get-subject.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { updateSettings } from '../../usecases/update-settings.ts';
import { plainText } from '../schema-input.ts';
import { parseInput } from './parse-input.ts';
import { subjectOf } from './path-params.ts';
import { toSettingsDocument } from './version-document.ts';

/** What is left out stays as it is. */
const settingsShape = z.strictObject({
  /** Null: inherited again. */
  level: z.enum(compatibilityLevels).nullable().optional(),
  profile: z.enum(profiles).optional(),
  axes: z
    .array(z.enum(axes))
    .min(1)
    .transform((chosen) => axes.filter((axis) => chosen.includes(axis)))
    .optional(),
  policy: z.enum(policies).optional(),
  lint: z.unknown().optional(),
  owner: plainText.min(1).optional(),
});

/** What a subject says of itself: what its versions promise, and who answers for it. Changing that takes a steward. */
export function addSettingsRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  app.get('/schemas/:subject/settings', async (request) => {
    const subject = await getSubject(deps, subjectOf(request), { deleted: true });
    return toSettingsDocument(
      subject,
      await effectiveLevel(deps.database.kysely, subject, { subject: subject.name }),
    );
  });

  app.put('/schemas/:subject/settings', async (request) => {
    const principal = principalOf(request);
    requireRole(principal, 'steward');
    const subject = parseSubjectName(subjectOf(request));
    const { level, lint, ...rest } = parseInput(settingsShape, request.body);
    const settings = {
      ...rest,
      ...(level !== undefined && { ownLevel: level }),
      ...(lint !== undefined && { lint: parseSeverities(lint, '/lint') }),
    };
    const changed = await updateSettings(deps, subject, settings, { by: principal.id });
    return toSettingsDocument(changed, await effectiveLevel(deps.database.kysely, changed, { subject }));
  });
}
