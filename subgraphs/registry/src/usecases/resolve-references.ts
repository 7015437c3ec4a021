import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import type { ReferencedText, SchemaReference } from '../domain/schema-reference.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { breaksReference, listUsedVersions, type UsedVersion } from '../store/version-references.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** More than any honest schema uses, and little enough to read at once. */
const maxTexts = 100;
const maxCharacters = 4 * 1024 * 1024;

/**
 * The texts behind references and behind theirs: each once, after all that it uses itself. Of two texts under one name the
 * one that is used first stands, as with Kafka clients. With `of`, the references are to be published under that subject: they
 * must be live, and none may lead back to it. Throws REFERENCE_UNKNOWN, SCHEMA_INVALID for a cycle, SCHEMA_TOO_COMPLEX.
 */
export async function resolveReferences(
  db: Db,
  references: readonly SchemaReference[],
  { of }: { readonly of?: string } = {},
): Promise<readonly ReferencedText[]> {
  if (references.length === 0) return [];
  const used = await listUsedVersions(db, references, maxTexts + 1);
  const characters = used.reduce((sum, { text }) => sum + text.length, 0);
  if (used.length > maxTexts || characters > maxCharacters) throw tooMuch();
  const found = new Map(used.map((version) => [keyOf(version), version]));
  for (const [index, reference] of references.entries()) {
    const version = found.get(keyOf(reference));
    if (version === undefined || (of !== undefined && version.deleted)) throw unknown(reference, index);
  }
  if (used.some(({ subject }) => subject === of)) throw cycle(of ?? '');
  return inOrder(references, found);
}

/** The refusal of a write whose reference was removed between being read and being stored; any other error as it is. */
export function asReferenceGone(error: unknown): unknown {
  if (!breaksReference(error)) return error;
  return new Problem('REFERENCE_UNKNOWN', 'what the schema refers to was removed meanwhile', {
    fix: 'publish what is referred to first, or refer to a version that is there',
    path: '/references',
    cause: error,
  });
}

/** Depth first, so that whatever is used stands before its user. A walk of our own stack: a chain may be long. */
function inOrder(
  references: readonly SchemaReference[],
  found: ReadonlyMap<string, UsedVersion>,
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

function keyOf({ subject, version }: { readonly subject: string; readonly version: number }): string {
  return `${version}@${subject}`;
}

function unknown(reference: SchemaReference, index: number): Problem {
  const { name, subject, version } = reference;
  return new Problem(
    'REFERENCE_UNKNOWN',
    `${JSON.stringify(name)} refers to version ${version} of ${JSON.stringify(subject)}, which is not there`,
    {
      fix: 'publish what is referred to first, or refer to a version that is there',
      path: `/references/${index}`,
      extensions: { reference: { name, subject, version } },
    },
  );
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
