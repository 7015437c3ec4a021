import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { compactJson } from './avro/schema-json.ts';
import type { ReferencedText, SchemaReference } from './schema-reference.ts';
import type { SchemaType } from './schema-type.ts';

/** A schema as it was handed in, with all that is needed to read it and to tell it from others. */
export interface SchemaSource {
  readonly type: SchemaType;
  readonly text: string;
  /** What the text uses, as published. */
  readonly references?: readonly SchemaReference[] | undefined;
  /** The texts behind the references and behind theirs: each once, and after all that it uses itself. */
  readonly dependencies?: readonly ReferencedText[] | undefined;
  /** Facts and rules that Kafka clients keep with a schema; to them they are part of what it is. */
  readonly metadata?: JsonObject | undefined;
  readonly ruleSet?: JsonObject | undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** SHA-256 of the content, by which it is known without being read. One content has one schema id. */
export function contentDigest(source: SchemaSource): string {
  const { type, references = [], metadata, ruleSet } = source;
  const lines: string[] = [type, compactText(source)];
  // Left out where there is nothing to tell, so that a plain text has the digest that it always had.
  if (references.length > 0 || metadata !== undefined || ruleSet !== undefined) {
    const sorted = references.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    lines.push(canonicalJson({ references: sorted, metadata: metadata ?? null, ruleSet: ruleSet ?? null }));
  }
  return sha256Hex(lines.join('\n'));
}

/** The text without what no reader of its format sees: spaces between tokens of JSON, the end of line that an editor likes. */
function compactText({ type, text }: SchemaSource): string {
  return type === 'PROTOBUF' ? text.replaceAll('\r\n', '\n').trim() : compactJson(text);
}
