import { modeNotConfigured, notPermitted, subjectNotFound } from '../../domain/confluent/confluent-error.ts';
import { copiesAsIs, type Mode } from '../../domain/confluent/confluent-mode.ts';
import { matchPrefix, splitSubject } from '../../domain/confluent/qualified-subject.ts';
import { deleteModesWithin, putMode } from '../../store/confluent-settings.ts';
import { listSubjectNames } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { globalScope } from '../scope-terms.ts';
import { findScope } from './scope.ts';

/** The mode of a scope: what was set for it, or what holds there. Throws 40409 where a subject has none of its own. */
export async function getMode(
  { database }: RegistryDeps,
  scope: string,
  { inherited }: { readonly inherited: boolean },
): Promise<Mode> {
  const { ownMode, mode } = await findScope(database.kysely, scope);
  const answer = inherited || scope === globalScope ? mode : ownMode;
  if (answer === undefined) throw modeNotConfigured(scope);
  return answer;
}

/** Sets the mode of a scope. An import begins where nothing is live, unless it is forced; throws 42205 otherwise. */
export async function updateMode(
  { database }: RegistryDeps,
  scope: string,
  mode: Mode,
  { force }: { readonly force: boolean },
): Promise<void> {
  const { mode: before } = await findScope(database.kysely, scope);
  if (mode === 'IMPORT' && !copiesAsIs(before) && !force) {
    const isWithin =
      splitSubject(scope).subject === '' ? matchScope(scope) : (name: string) => name === scope;
    const names = await listSubjectNames(database.kysely);
    if (names.some(({ name, live }) => live && isWithin(name))) {
      throw notPermitted('Cannot import since found existing subjects');
    }
  }
  await putMode(database.kysely, scope, mode);
}

/** Takes the mode of a scope back and answers with what it was. Throws 40401 where it has none of its own. */
export async function deleteMode(
  { database }: RegistryDeps,
  scope: string,
  { recursive }: { readonly recursive: boolean },
): Promise<Mode> {
  const { ownMode, mode } = await findScope(database.kysely, scope);
  if (ownMode === undefined && scope !== globalScope) throw subjectNotFound(scope);
  await putMode(database.kysely, scope, undefined);
  if (recursive && splitSubject(scope).subject === '') await deleteModesWithin(database.kysely, scope);
  return ownMode ?? mode;
}

function matchScope(scope: string): (name: string) => boolean {
  return matchPrefix(scope === globalScope ? ':*:' : scope);
}
