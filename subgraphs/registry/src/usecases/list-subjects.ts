import type { Subject } from '../domain/subject.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import { listSubjects } from '../store/subjects.ts';
import { latestVersions } from '../store/versions.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** Up to `limit` subjects by name behind `after`, each with its latest version. */
export async function listSubjectsWithLatest(
  { database }: RegistryDeps,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly { readonly subject: Subject; readonly latest: SubjectVersion | undefined }[]> {
  const subjects = await listSubjects(database.kysely, page);
  const names = subjects.map((subject) => subject.name);
  const latest = new Map(
    (await latestVersions(database.kysely, names)).map((version) => [version.subject, version]),
  );
  return subjects.map((subject) => ({ subject, latest: latest.get(subject.name) }));
}
