import type { ProtobufSchema } from '../protobuf/protobuf-schema.ts';
import type { SchemaSource } from '../schema-source.ts';
import type { SchemaType } from '../schema-type.ts';
import { outlineAvro } from './avro-outline.ts';
import { outlineJsonSchema } from './json-schema-outline.ts';
import { outlineProtobuf } from './protobuf-outline.ts';
import type { SchemaOutline } from './schema-outline.ts';
import type { SchemaPart } from './schema-part.ts';

/** A schema as it was handed in, and as it was read: a Protobuf schema may come as a descriptor instead of a text. */
export interface ReadSchema {
  readonly source: SchemaSource;
  readonly schema: { readonly type: SchemaType; readonly protobuf?: ProtobufSchema };
}

/** Outlines a schema that was parsed before: its text is trusted to be one. */
export function outlineSchema(read: ReadSchema): SchemaOutline {
  const outline = outlineText(read);
  return { ...outline, parts: [...outline.parts, ...sourceParts(read.source)] };
}

function outlineText({ source: { type, text }, schema: { protobuf } }: ReadSchema): SchemaOutline {
  switch (type) {
    case 'AVRO':
      return outlineAvro(text);
    case 'PROTOBUF':
      return protobuf === undefined ? nothing : outlineProtobuf(protobuf.file);
    case 'JSON':
      return outlineJsonSchema(text);
  }
}

const nothing: SchemaOutline = { parts: [], factSteps: {}, hasLastingPaths: true, locate: (path) => path };

/** What is handed in beside the text. */
function sourceParts({ references = [], metadata, ruleSet }: SchemaSource): readonly SchemaPart[] {
  const parts: SchemaPart[] = references.map(({ name, subject, version }) => ({
    part: 'REFERENCE',
    key: name,
    name,
    path: '',
    facts: { type: `${subject} version ${version}` },
    parts: [],
  }));
  for (const [name, options] of Object.entries({ metadata, ruleSet })) {
    if (options === undefined) continue;
    parts.push({ part: 'SCHEMA', key: name, name, path: '', facts: { options }, parts: [] });
  }
  return parts;
}
