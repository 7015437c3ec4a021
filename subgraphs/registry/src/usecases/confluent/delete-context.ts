import { contextNotEmpty, notPermitted } from '../../domain/confluent/confluent-error.ts';
import { defaultContext, joinSubject, matchPrefix } from '../../domain/confluent/qualified-subject.ts';
import { deleteSettings } from '../../store/confluent-settings.ts';
import { listSubjectNames } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';

/** Forgets a context and what was set for it. Throws 42211 while it holds a subject, 42205 for the default one. */
export async function deleteContext({ database }: RegistryDeps, context: string): Promise<void> {
  if (context === defaultContext) throw notPermitted('The default context cannot be deleted');
  const scope = joinSubject({ context, subject: '' });
  const names = await listSubjectNames(database.kysely);
  const isWithin = matchPrefix(scope);
  if (names.some(({ name }) => isWithin(name))) throw contextNotEmpty(context);
  await deleteSettings(database.kysely, scope);
}
