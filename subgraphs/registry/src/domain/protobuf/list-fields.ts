import type { SchemaField } from '../schema-field.ts';
import {
  type ProtobufField,
  type ProtobufMessage,
  type ProtobufSchema,
  resolveProtoType,
} from './protobuf-schema.ts';

/** Messages that use messages multiply: a list for people ends somewhere. */
const maxFields = 2_000;
const maxDepth = 16;

/**
 * The fields of a schema by number, a message's own before those inside it. The first message is what records are of; one
 * beside it that it does not use has its name before the paths. A message inside itself is not opened again.
 */
export function listProtobufFields(schema: ProtobufSchema): readonly SchemaField[] {
  const fields = new Map<string, SchemaField>();
  const shown = new Set<ProtobufMessage>();

  function visit(message: ProtobufMessage, path: string, opened: readonly ProtobufMessage[]): void {
    shown.add(message);
    if (opened.includes(message) || opened.length >= maxDepth) return;
    for (const field of message.fields.toSorted((a, b) => a.number - b.number)) {
      if (fields.size >= maxFields) return;
      const at = path === '' ? field.name : `${path}.${field.name}`;
      // Two paths that look the same are listed once.
      if (!fields.has(at)) fields.set(at, { path: at, type: typeText(schema, field), sourcePath: at });
      const inner = resolveProtoType(schema, field.type.kind === 'map' ? field.type.value : field.type);
      // What everybody knows (a timestamp, say) is one value to people.
      if (inner.kind !== 'message' || inner.message.fullName.startsWith('google.protobuf.')) continue;
      const marks = field.type.kind === 'map' ? '{}' : field.isRepeated ? '[]' : '';
      visit(inner.message, `${at}${marks}`, [...opened, message]);
    }
  }

  schema.file.messages.forEach((message, index) => {
    if (!shown.has(message)) visit(message, index === 0 ? '' : message.name, []);
  });
  return [...fields.values()];
}

function typeText(schema: ProtobufSchema, field: ProtobufField): string {
  if (field.type.kind === 'map') {
    return `map<${field.type.key}, ${nameText(schema, field.type.value)}>`;
  }
  const name = nameText(schema, field.type);
  if (field.isRepeated) return name.includes(' ') ? `(${name})[]` : `${name}[]`;
  if (field.presence !== 'explicit') return name;
  return name.replace(/^\S+/, (word) => `${word}?`);
}

function nameText(schema: ProtobufSchema, type: ProtobufField['type']): string {
  const resolved = resolveProtoType(schema, type);
  switch (resolved.kind) {
    case 'scalar':
      return resolved.scalar;
    case 'enum':
      return `${resolved.enum.name} (enum)`;
    case 'message':
      return resolved.message.name;
    case 'map':
      return `map<${resolved.key}, ${nameText(schema, resolved.value)}>`;
  }
}
