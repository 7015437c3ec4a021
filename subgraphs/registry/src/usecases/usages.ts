import { Problem } from '@spine/kernel/problem';
import type { Usage, UsageRole } from '../domain/usage.ts';
import { lockSubject } from '../store/subjects.ts';
import { deleteUsage, listUsages as listStored, putUsage } from '../store/usages.ts';
import { getSubject } from './get-subject.ts';
import { getVersion } from './get-version.ts';
import type { RegistryDeps } from './registry-deps.ts';

export interface UsageRequest {
  readonly subject: string;
  readonly role: UsageRole;
  readonly name: string;
  /** `latest` as it is now, a position or a semver. */
  readonly version: string;
  readonly contact?: string | undefined;
  readonly by: string;
}

/** Registers who writes or reads a subject's data, and by which version; the last word holds. Throws as `getVersion`. */
export async function registerUsage({ database }: RegistryDeps, request: UsageRequest): Promise<Usage> {
  const { subject, role, name, contact = null, by: registeredBy } = request;
  return await database.kysely.transaction().execute(async (trx) => {
    // Neither removed under our hands nor unseen by a publish that is checked now.
    await lockSubject(trx, subject);
    const { version } = await getVersion({ database: { kysely: trx } }, subject, request.version);
    return await putUsage(trx, { subject, role, name, version, contact, registeredBy });
  });
}

/** Forgets a producer or consumer. Throws SUBJECT_NOT_FOUND, NOT_FOUND. */
export async function removeUsage(
  deps: RegistryDeps,
  { subject, role, name }: Pick<UsageRequest, 'subject' | 'role' | 'name'>,
): Promise<void> {
  if (await deleteUsage(deps.database.kysely, subject, role, name)) return;
  await getSubject(deps, subject);
  const what = role.toLowerCase();
  throw new Problem('NOT_FOUND', `${JSON.stringify(name)} is no ${what} of ${subject}`, {
    fix: `list them with GET /schemas/{subject}/${what}s`,
  });
}

/** Who uses a subject, consumers first, each by name. Throws SUBJECT_NOT_FOUND. */
export async function listUsages(deps: RegistryDeps, subject: string): Promise<readonly Usage[]> {
  await getSubject(deps, subject);
  return await listStored(deps.database.kysely, [subject]);
}
