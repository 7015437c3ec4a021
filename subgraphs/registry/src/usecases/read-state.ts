import { readSubjectState, type SubjectState } from '../store/subject-state.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** A subject as it stands: from memory, where nothing has changed since it was last seen. */
export async function readState({ database, states }: RegistryDeps, name: string): Promise<SubjectState> {
  const { kysely } = database;
  return states === undefined ? await readSubjectState(kysely, name) : await states.read(kysely, name);
}
