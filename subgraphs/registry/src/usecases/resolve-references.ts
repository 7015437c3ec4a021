import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import type { ReferencedText, SchemaReference } from '../domain/schema-reference.ts';
import { isLive, type VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { listSchemas } from '../store/schemas.ts';
import { listHeadsByKey } from '../store/versions.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** More than any honest schema uses, and little enough to read at once. */
const maxTexts = 100;
const maxCharacters = 4 * 1024 * 1024;

/** A stored schema that is used, directly or by way of another. */
interface Found {
  readonly text: string;
  readonly references: readonly SchemaReference[];
}

/**
 * The texts behind references and behind theirs: each once, after all that it uses itself. Of two texts under one name the
 * one that is used first stands, as with Kafka clients. With `of`, the references are to be published under that subject: they
 * must be live, and none may lead back to it. Throws REFERENCE_UNKNOWN, and SCHEMA_INVALID for too much or for a cycle.
 */
export async function resolveReferences(
  db: Db,
  references: readonly SchemaReference[],
  { of }: { readonly of?: string } = {},
): Promise<readonly ReferencedText[]> {
  const found = new Map<string, Found>();
  let characters = 0;
  for (let wanted = references, isDirect = true; wanted.length > 0; isDirect = false) {
    const heads = await fetchHeads(db, wanted, isDirect && of !== undefined);
    const schemas = await listSchemas(db, [...new Set(heads.map((head) => head.schemaId))]);
    for (const { subject, version, schemaId } of heads) {
      if (subject === of) throw cycle(subject);
      const schema = schemas.get(schemaId);
      if (schema === undefined || found.has(keyOf({ subject, version }))) continue;
      found.set(keyOf({ subject, version }), schema);
      characters += schema.text.length;
      if (found.size > maxTexts || characters > maxCharacters) throw tooMuch();
    }
    wanted = unseen(
      [...schemas.values()].flatMap((schema) => schema.references),
      found,
    );
  }
  return inOrder(references, found);
}

async function fetchHeads(
  db: Db,
  references: readonly SchemaReference[],
  mustBeLive: boolean,
): Promise<readonly VersionHead[]> {
  if (references.length > maxTexts) throw tooMuch();
  const heads = await listHeadsByKey(db, references);
  const offered = new Set(heads.filter((head) => !mustBeLive || isLive(head)).map(keyOf));
  const missing = references.findIndex((reference) => !offered.has(keyOf(reference)));
  const unknown = references[missing];
  if (unknown === undefined) return heads;
  throw new Problem(
    'REFERENCE_UNKNOWN',
    `${JSON.stringify(unknown.name)} refers to version ${unknown.version} of ${JSON.stringify(unknown.subject)}, which is not there`,
    {
      fix: 'publish what is referred to first, or refer to a version that is there',
      path: `/references/${missing}`,
      extensions: { reference: { ...unknown } },
    },
  );
}

/** Depth first, so that whatever is used stands before its user. A walk of our own stack: a chain may be long. */
function inOrder(
  references: readonly SchemaReference[],
  found: ReadonlyMap<string, Found>,
): readonly ReferencedText[] {
  const texts = new Map<string, string>();
  const entered = new Set<string>();
  const stack: { readonly reference: SchemaReference; readonly isLeft: boolean }[] = [];
  const push = (all: readonly SchemaReference[]): void => {
    for (const reference of all.toReversed()) stack.push({ reference, isLeft: false });
  };
  push(references);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { reference, isLeft } = top;
    const schema = found.get(keyOf(reference));
    if (schema === undefined) continue;
    if (isLeft) {
      if (!texts.has(reference.name)) texts.set(reference.name, schema.text);
      continue;
    }
    // One version may be used under several names; what it uses itself is walked once.
    stack.push({ reference, isLeft: true });
    if (entered.has(keyOf(reference))) continue;
    entered.add(keyOf(reference));
    push(schema.references);
  }
  return [...texts].map(([name, text]) => ({ name, text }));
}

function unseen(
  references: readonly SchemaReference[],
  found: ReadonlyMap<string, unknown>,
): readonly SchemaReference[] {
  const byKey = new Map(references.map((reference) => [keyOf(reference), reference]));
  return [...byKey.values()].filter((reference) => !found.has(keyOf(reference)));
}

function keyOf({ subject, version }: { readonly subject: string; readonly version: number }): string {
  return `${version}@${subject}`;
}

function cycle(subject: string): Problem {
  return new Problem('SCHEMA_INVALID', `the references lead back to ${JSON.stringify(subject)} itself`, {
    fix: 'move what both use into a subject of its own',
    path: '/references',
  });
}

function tooMuch(): Problem {
  return new Problem(
    'SCHEMA_TOO_COMPLEX',
    `the references lead to more than ${maxTexts} schemas or ${maxCharacters} characters`,
    { fix: 'use fewer schemas, or put those that belong together into one', path: '/references' },
  );
}
