import { Problem } from '@spine/kernel/problem';
import type { Subject } from '../domain/subject.ts';
import { findSubject } from '../store/subjects.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** The subject; SUBJECT_NOT_FOUND if there is none of the name. */
export async function getSubject({ database }: RegistryDeps, name: string): Promise<Subject> {
  const subject = await findSubject(database.kysely, name);
  if (subject !== undefined) return subject;
  throw new Problem('SUBJECT_NOT_FOUND', `there is no subject ${JSON.stringify(name)}`, {
    fix: 'list the subjects with GET /schemas',
  });
}
