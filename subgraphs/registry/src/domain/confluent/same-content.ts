import { canonicalJson } from '@spine/kernel/canonical-json';
import { javaAvroText, normalizeAvro } from '../avro/avro-text.ts';
import { compactJson } from '../avro/schema-json.ts';
import { normalizeJsonSchema } from '../json-schema/normalize-json-schema.ts';
import type { SchemaReference } from '../schema-reference.ts';
import type { JsonObject } from '../schema-source.ts';
import type { SchemaType } from '../schema-type.ts';
import { withoutVersion } from './content-facts.ts';

/** What two schemas are compared by. */
export interface ComparableContent {
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: JsonObject | undefined;
  readonly ruleSet: JsonObject | undefined;
}

/** The form of a text in which it is stored where a Kafka client registers it: what Confluent's own libraries would write again. */
export function storedText(type: SchemaType, text: string): string {
  switch (type) {
    case 'AVRO':
      return javaAvroText(text);
    case 'JSON':
      return compactJson(text);
    case 'PROTOBUF':
      return text;
  }
}

/** Whether Kafka clients take two contents for one: equal but for the form of their text and for `confluent:version`. */
export function isSameContent(a: ComparableContent, b: ComparableContent): boolean {
  return hasSameFacts(a, b) && formOf(a) === formOf(b);
}

/** Whether what Kafka clients keep with two contents, and what these refer to, is the same. */
export function hasSameFacts(a: ComparableContent, b: ComparableContent): boolean {
  return a.type === b.type && factsOf(a) === factsOf(b);
}

/** The text in the form that `normalize` asks for, as far as the text alone gives it: that of Protobuf needs its tree. */
export function normalForm(type: SchemaType, text: string): string {
  switch (type) {
    case 'AVRO':
      return normalizeAvro(text);
    case 'JSON':
      return normalizeJsonSchema(text);
    case 'PROTOBUF':
      return storedText(type, text);
  }
}

function formOf({ type, text }: ComparableContent): string {
  return storedText(type, text).trim();
}

function factsOf({ references, metadata, ruleSet }: ComparableContent): string {
  return canonicalJson({
    references: references.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    metadata: withoutVersion(metadata) ?? null,
    ruleSet: ruleSet ?? null,
  });
}
