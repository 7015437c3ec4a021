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
}

interface Entry {
  readonly schema: ParsedSchema;
  readonly source: SchemaSource;
  readonly size: number;
}

/** Keeps the schemas used last, up to so many characters of text in all. */
export function createSchemaCache(maxCharacters = 32 * 1024 * 1024): SchemaCache {
  const kept = new Map<string, Entry>();
  let characters = 0;

  function find(digest: string): Entry | undefined {
    const entry = kept.get(digest);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion: the first key is the one used longest ago.
    kept.delete(digest);
    kept.set(digest, entry);
    return entry;
  }

  return {
    find: (digest) => find(digest)?.schema,
    findSource: (digest) => find(digest)?.source,
    parse(source) {
      const known = find(contentDigest(source));
      if (known !== undefined) return known.schema;
      const schema = parseSchema(source);
      kept.set(schema.digest, { schema, source, size: source.text.length });
      characters += source.text.length;
      for (const [digest, { size }] of kept) {
        if (characters <= maxCharacters || kept.size === 1) break;
        kept.delete(digest);
        characters -= size;
      }
      return schema;
    },
  };
}
