import { invariant } from '@spine/kernel/invariant';
import { schemaTexts } from '../store/schemas.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** The text of a content that is known to be stored, as it was sent. */
export async function schemaText({ database }: RegistryDeps, schemaId: number): Promise<string> {
  const text = (await schemaTexts(database.kysely, [schemaId])).get(schemaId);
  invariant(text !== undefined, `the content of schema ${schemaId} is stored`);
  return text;
}
