import type { SchemaField } from '../schema-field.ts';
import type { JsonSchemaNode, JsonSchemaTree, JsonType } from './json-schema-tree.ts';

/** Schemas that use schemas multiply: a list for people ends somewhere. */
const maxFields = 2_000;
const maxDepth = 200;
const maxVisits = 20_000;

/** The fields of a schema in order, an object's own before those inside it. An object inside itself is not opened again. */
export function listJsonFields({ root }: JsonSchemaTree): readonly SchemaField[] {
  const fields = new Map<string, SchemaField>();
  let visits = 0;

  function visit(node: JsonSchemaNode, path: string, opened: readonly JsonSchemaNode[]): void {
    visits += 1;
    if (visits > maxVisits || opened.includes(node) || opened.length > maxDepth) return;
    const inside = [...opened, node];
    for (const [name, property] of node.properties ?? []) {
      if (fields.size >= maxFields) return;
      const at = path === '' ? name : `${path}.${name}`;
      // Two alternatives may have a property of one name: the path is listed once.
      if (!fields.has(at)) {
        const isOptional = node.required?.includes(name) !== true;
        fields.set(at, { path: at, type: typeText(property, isOptional), sourcePath: at });
      }
      visit(property, at, inside);
    }
    for (const value of mapValues(node)) visit(value, `${path}{}`, inside);
    for (const item of [...(node.prefixItems ?? []), node.items]) if (item) visit(item, `${path}[]`, inside);
    for (const same of alternatives(node)) visit(same, path, inside);
  }

  visit(root, '', []);
  return [...fields.values()];
}

/** What properties hold that only a pattern or nothing names. */
function mapValues(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const values = [...(node.patternProperties?.values() ?? [])];
  if (node.additionalProperties !== undefined) values.push(node.additionalProperties);
  return values.filter((value) => value.always === undefined);
}

function alternatives(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const { ref, allOf = [], anyOf = [], oneOf = [] } = node;
  const others = [ref, node.condition?.yes, node.condition?.no, ...(node.dependentSchemas?.values() ?? [])];
  return [...allOf, ...anyOf, ...oneOf, ...others].filter((other) => other !== undefined);
}

function typeText(node: JsonSchemaNode, isOptional: boolean): string {
  const found = new Set(describeTypes(node, new Map()));
  const isNullable = found.delete('null');
  const words = [...found];
  const text = words.length === 0 ? (isNullable ? 'null' : 'any') : words.join(' | ');
  if (!isOptional && !(isNullable && words.length > 0)) return text;
  if (words.length > 1) return `(${text})?`;
  // `string (date)` becomes `string? (date)`.
  const format = / \([^)]*\)$/.exec(text)?.[0] ?? '';
  return `${text.slice(0, text.length - format.length)}?${format}`;
}

type KnownTypes = Map<JsonSchemaNode, ReadonlySet<string>>;

/** The words for all types that fit, in the order in which they are met. */
function describeTypes(node: JsonSchemaNode, known: KnownTypes): ReadonlySet<string> {
  const before = known.get(node);
  if (before !== undefined) return before;
  // What is met inside itself is not told again.
  known.set(node, new Set(['any']));
  const types = readTypes(node, known);
  known.set(node, types);
  return types;
}

function readTypes(node: JsonSchemaNode, known: KnownTypes): ReadonlySet<string> {
  if (node.types !== undefined) return new Set(node.types.map((type) => describeType(node, type, known)));
  if (node.values !== undefined) return new Set(node.values.map(typeOfValue));
  if (node.constant !== undefined) return new Set([typeOfValue(node.constant.value)]);
  const found = new Set(alternatives(node).flatMap((same) => [...describeTypes(same, known)]));
  if (found.size > 1) found.delete('any');
  if (found.size > 0) return found;
  if (node.properties !== undefined) return new Set(['object']);
  return new Set([node.always === false ? 'nothing' : 'any']);
}

function describeType(node: JsonSchemaNode, type: JsonType, known: KnownTypes): string {
  const join = (inner: JsonSchemaNode) => [...describeTypes(inner, known)].join(' | ');
  if (type === 'array') {
    const items = node.items === undefined ? 'any' : join(node.items);
    return items.includes(' ') ? `(${items})[]` : `${items}[]`;
  }
  if (type === 'object' && node.properties === undefined) {
    const [values] = mapValues(node);
    return values === undefined ? 'object' : `map<${join(values)}>`;
  }
  return type === 'string' && node.format !== undefined ? `string (${node.format})` : type;
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
