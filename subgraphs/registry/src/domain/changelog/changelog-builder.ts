import { parseSchema } from '../../formats/parse-schema.ts';
import { type CheckRules, counts, defaultRules } from '../check-rules.ts';
import type { Governance } from '../governance-change.ts';
import { findIncompatibilities, type ParsedSchema } from '../parsed-schema.ts';
import type { SchemaType } from '../schema-type.ts';
import type { DescribedSchema } from './diff-schemas.ts';
import type { Breaches } from './trace-breaches.ts';

/** A version for tests: a text or the JSON of one. */
export function described(
  type: SchemaType,
  schema: string | object,
  governance: Partial<Governance> = {},
): DescribedSchema & { readonly schema: ParsedSchema } {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const source = { type, text };
  return { source, schema: parseSchema(source), governance: { tags: {}, ...governance } };
}

/** Breaches of nobody. */
export const harmless = { BACKWARD: [], FORWARD: [] } as const;

/** What the engines have against two versions, in both directions. */
export function breachesBetween(
  old: ParsedSchema,
  now: ParsedSchema,
  rules: CheckRules = defaultRules('strict'),
): Breaches {
  const deciding = (reader: ParsedSchema, writer: ParsedSchema, newer: 'READER' | 'WRITER') =>
    findIncompatibilities(reader, writer, { ...rules, newer }).filter((each) => counts(rules, each));
  return { BACKWARD: deciding(now, old, 'READER'), FORWARD: deciding(old, now, 'WRITER') };
}
