import { Problem } from '@spine/kernel/problem';
import type { Subject } from '../domain/subject.ts';
import { findSubject, listSubjectsByName } from '../store/subjects.ts';
import type { ReadDeps } from './registry-deps.ts';

/** The subject that offers a version; SUBJECT_NOT_FOUND if there is none of the name. With `deleted` whatever became of its versions. */
export async function getSubject(
  { database }: ReadDeps,
  name: string,
  { deleted = false }: { readonly deleted?: boolean | undefined } = {},
): Promise<Subject> {
  const db = database.kysely;
  const subject = deleted ? await findSubject(db, name) : (await listSubjectsByName(db, [name]))[0];
  if (subject !== undefined) return subject;
  throw subjectNotFound(name);
}

/** No subject of the name offers anything. */
export function subjectNotFound(name: string): Problem {
  return new Problem('SUBJECT_NOT_FOUND', `there is no subject ${JSON.stringify(name)}`, {
    fix: 'list the subjects with GET /schemas',
  });
}
