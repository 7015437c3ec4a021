import { outlineSchema } from '../domain/outline/outline-schema.ts';
import type { SchemaOutline } from '../domain/outline/schema-outline.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import { contentDigest, type SchemaSource } from '../domain/schema-source.ts';
import { parseSchema } from '../formats/parse-schema.ts';

/** Schemas that were read, by the digest of their content: reading one takes longer than all else in a publish. */
export interface SchemaCache {
  find(digest: string): ParsedSchema | undefined;
  /** What a schema that is still known was read from. */
  findSource(digest: string): SchemaSource | undefined;
  /** Reads the text unless its content is known. Throws SCHEMA_INVALID. */
  parse(source: SchemaSource): ParsedSchema;
  /** The outline of a schema that was read: made once for all that look at a publish, and for the next version. */
  outline(read: { readonly schema: ParsedSchema; readonly source: SchemaSource }): SchemaOutline;
}

/** Outlines are as large as the schemas they are made of, and are asked for of the latest versions only. */
const shareOfOutlines = 8;

/** Keeps the schemas used last, up to so many characters of text in all. One of Avro takes some seven bytes for each. */
export function createSchemaCache(maxCharacters = 32 * 1024 * 1024): SchemaCache {
  const entries = createTextCache<{ readonly schema: ParsedSchema; readonly source: SchemaSource }>(
    maxCharacters,
  );
  const outlines = createTextCache<SchemaOutline>(maxCharacters / shareOfOutlines);
  return {
    find: (digest) => entries.find(digest)?.schema,
    findSource: (digest) => entries.find(digest)?.source,
    parse(source) {
      const digest = contentDigest(source);
      const known = entries.find(digest);
      if (known !== undefined) return known.schema;
      const schema = parseSchema(source, digest);
      entries.keep(digest, { schema, source }, sizeOf(source));
      return schema;
    },
    outline({ schema, source }) {
      const known = outlines.find(schema.digest);
      if (known !== undefined) return known;
      const outline = outlineSchema({ schema, source });
      outlines.keep(schema.digest, outline, sizeOf(source));
      return outline;
    },
  };
}

/** The characters that a schema was read from: what it uses is read into it. */
function sizeOf({ text, dependencies = [] }: SchemaSource): number {
  return dependencies.reduce((sum, each) => sum + each.text.length, text.length);
}

interface TextCache<Value> {
  find(digest: string): Value | undefined;
  keep(digest: string, value: Value, size: number): void;
}

/** What was used longest ago goes first; the last one stays, however large. */
function createTextCache<Value>(maxCharacters: number): TextCache<Value> {
  // A Map keeps the order of insertion: the first key is the one used longest ago.
  const kept = new Map<string, { readonly value: Value; readonly size: number }>();
  let characters = 0;
  return {
    find(digest) {
      const entry = kept.get(digest);
      if (entry === undefined) return undefined;
      kept.delete(digest);
      kept.set(digest, entry);
      return entry.value;
    },
    keep(digest, value, size) {
      kept.set(digest, { value, size });
      characters += size;
      for (const [oldest, entry] of kept) {
        if (characters <= maxCharacters || kept.size === 1) break;
        kept.delete(oldest);
        characters -= entry.size;
      }
    },
  };
}
