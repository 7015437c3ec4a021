import { compactJson, parseSchemaJson } from '../avro/schema-json.ts';

/**
 * An Avro schema as Java writes it: no spaces, attributes in one order, `{"type":"string"}` as `"string"`. Two clients that
 * differ only in that hold the same schema. The text must be one that was read: its nesting is bounded then.
 */
export function avroText(text: string): string {
  const json = parseSchemaJson(text);
  // A default that no double holds would come out as another number.
  return /\d{16}/.test(text) ? compactJson(text) : JSON.stringify(orderSchema(json));
}

// What Avro's own writer puts first; all else follows as it came.
const order = ['type', 'name', 'namespace', 'doc', 'fields', 'symbols', 'items', 'values', 'size', 'default'];
const fieldOrder = ['name', 'type', 'doc', 'default', 'order', 'aliases'];

function orderSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(orderSchema);
  if (schema === null || typeof schema !== 'object') return schema;
  const entries = new Map(Object.entries(schema));
  const type = entries.get('type');
  if (entries.size === 1 && typeof type === 'string') return type;
  if (type !== null && typeof type === 'object') entries.set('type', orderSchema(type));
  for (const inner of ['items', 'values'])
    if (entries.has(inner)) entries.set(inner, orderSchema(entries.get(inner)));
  const fields = entries.get('fields');
  if (Array.isArray(fields)) entries.set('fields', fields.map(orderField));
  return inOrder(entries, order);
}

function orderField(field: unknown): unknown {
  if (field === null || typeof field !== 'object') return field;
  const entries = new Map(Object.entries(field));
  if (entries.has('type')) entries.set('type', orderSchema(entries.get('type')));
  return inOrder(entries, fieldOrder);
}

function inOrder(entries: ReadonlyMap<string, unknown>, first: readonly string[]): unknown {
  const keys = [
    ...first.filter((key) => entries.has(key)),
    ...[...entries.keys()].filter((key) => !first.includes(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, entries.get(key)]));
}
