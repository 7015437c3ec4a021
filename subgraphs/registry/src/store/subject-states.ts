import type { Kysely } from 'kysely';
import type { RegistryTables } from './registry-tables.ts';
import { readSubjectState, readToken, type SubjectState } from './subject-state.ts';

/** Subjects as they were last seen, since most that are published to are published to again. */
export interface SubjectStates {
  /** As last seen. It is right only if its token still is the subject's: who acts on it asks, or stores under that token. */
  recall(name: string): SubjectState | undefined;
  /** As it stands: from memory, where its token says that nothing has changed. */
  read(db: Kysely<RegistryTables>, name: string): Promise<SubjectState>;
  remember(name: string, state: SubjectState): void;
  forget(name: string): void;
}

/** Keeps the subjects used last, up to so many versions in all: fifty thousand take some 40 MB. */
export function createSubjectStates(maxVersions = 50_000): SubjectStates {
  // A Map keeps the order of insertion: the first key is the one used longest ago.
  const kept = new Map<string, SubjectState>();
  let weight = 0;

  function forget(name: string): void {
    const state = kept.get(name);
    if (state !== undefined) weight -= weightOf(state);
    kept.delete(name);
  }

  function recall(name: string): SubjectState | undefined {
    const state = kept.get(name);
    if (state === undefined) return undefined;
    kept.delete(name);
    kept.set(name, state);
    return state;
  }

  function remember(name: string, state: SubjectState): void {
    forget(name);
    // Of a subject that there is not, there are as many as anybody cares to ask for.
    if (state.token === '' || weightOf(state) > maxVersions) return;
    kept.set(name, state);
    weight += weightOf(state);
    for (const oldest of kept.keys()) {
      if (weight <= maxVersions) break;
      forget(oldest);
    }
  }

  return {
    recall,
    remember,
    forget,
    async read(db, name) {
      const state = recall(name);
      if (state !== undefined && (await readToken(db, name)) === state.token) return state;
      const found = await readSubjectState(db, name);
      remember(name, found);
      return found;
    },
  };
}

/** In versions: a usage is about as large, and the subject itself larger than nothing. */
function weightOf({ versions, usages }: SubjectState): number {
  return 1 + versions.length + usages.length;
}
