import { contentDigest, type ParsedSchema, parseSchema } from '../domain/parsed-schema.ts';
import type { SupportedSchemaType } from '../domain/schema-type.ts';

/** Schemas that were read, by the digest of their content: reading one takes longer than all else in a publish. */
export interface SchemaCache {
  find(digest: string): ParsedSchema | undefined;
  /** Reads the text unless its content is known. Throws SCHEMA_INVALID. */
  parse(type: SupportedSchemaType, text: string): ParsedSchema;
}

/** Keeps the schemas used last, up to so many characters of text in all. */
export function createSchemaCache(maxCharacters = 4 * 1024 * 1024): SchemaCache {
  const kept = new Map<string, { readonly schema: ParsedSchema; readonly size: number }>();
  let characters = 0;

  function find(digest: string): ParsedSchema | undefined {
    const entry = kept.get(digest);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion: the first key is the one used longest ago.
    kept.delete(digest);
    kept.set(digest, entry);
    return entry.schema;
  }

  return {
    find,
    parse(type, text) {
      const known = find(contentDigest(type, text));
      if (known !== undefined) return known;
      const schema = parseSchema(type, text);
      kept.set(schema.digest, { schema, size: text.length });
      characters += text.length;
      for (const [digest, { size }] of kept) {
        if (characters <= maxCharacters || kept.size === 1) break;
        kept.delete(digest);
        characters -= size;
      }
      return schema;
    },
  };
}
