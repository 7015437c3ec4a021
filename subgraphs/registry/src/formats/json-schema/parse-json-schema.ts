import { Problem } from '@spine/kernel/problem';
import { buildTree } from '../../domain/json-schema/build-tree.ts';
import { draftOf } from '../../domain/json-schema/draft.ts';
import type { JsonSchemaTree, SchemaDocument } from '../../domain/json-schema/json-schema-tree.ts';
import type { ReferencedText } from '../../domain/schema-reference.ts';
import { checkMetaschema, listMetaschemas } from './check-metaschema.ts';
import { checkPatterns } from './check-patterns.ts';
import { readJsonText } from './read-json-text.ts';

const refersToMetaschema = /"\$(?:ref|dynamicRef)"\s*:\s*"https?:\/\/json-schema\.org\//;

/** Reads a JSON Schema of draft-04 to 2020-12 and follows its references, which are never fetched. Throws SCHEMA_INVALID. */
export function parseJsonSchema(text: string, references: readonly ReferencedText[] = []): JsonSchemaTree {
  const own = readDocument({ name: '', text });
  const dependencies = references.map((reference) => inReference(reference, () => readDocument(reference)));
  const known = [text, ...references.map((reference) => reference.text)].some((each) =>
    refersToMetaschema.test(each),
  );
  const tree = buildTree(own, known ? [...dependencies, ...listMetaschemas()] : dependencies);
  return { ...tree, dependencies };
}

function readDocument({ name, text }: ReferencedText): SchemaDocument {
  const json = readJsonText(text);
  const draft = draftOf(json);
  checkMetaschema(json, draft);
  checkPatterns(json, draft);
  return { name, json };
}

/** A fault in another text has no place in this one. */
function inReference<T>({ name }: ReferencedText, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, message, fix, path } = error;
    throw new Problem(code, `in the reference ${JSON.stringify(name)}: ${message}`, {
      cause: error,
      ...(fix !== undefined && { fix }),
      ...(path !== undefined && { extensions: { reference: { name, path } } }),
    });
  }
}
