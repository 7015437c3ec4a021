import { type Deployment, findDeployment } from '../domain/deployment.ts';
import type { VersionHead } from '../domain/subject-version.ts';
import { listUsages } from '../store/usages.ts';
import { listHeadsByKey } from '../store/versions.ts';
import { getSubject } from './get-subject.ts';
import { readSchemas, schemaOf } from './read-schemas.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** Whether a version counts as deployed (R7), with everyone who was asked. Throws SUBJECT_NOT_FOUND. */
export async function deploymentOf(
  deps: RegistryDeps,
  version: Pick<VersionHead, 'subject' | 'schemaId' | 'digest'>,
): Promise<Deployment> {
  const db = deps.database.kysely;
  const subject = await getSubject(deps, version.subject, { deleted: true });
  const usages = await listUsages(db, [version.subject]);
  const heads = new Map((await listHeadsByKey(db, usages)).map((head) => [head.version, head]));
  const read = await readSchemas(db, deps.schemas, [version, ...heads.values()]);
  const used = usages.flatMap((usage) => {
    const head = heads.get(usage.version);
    return head === undefined ? [] : [{ usage, schema: schemaOf(read, head) }];
  });
  return findDeployment(schemaOf(read, version), used, subject);
}
