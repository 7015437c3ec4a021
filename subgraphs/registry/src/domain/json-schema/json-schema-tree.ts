import type { Draft } from './draft.ts';
import type { SchemaJson } from './subschemas.ts';

/** A JSON Schema that was read, with all that it refers to: what the engines walk. It may lead back into itself. */
export interface JsonSchemaTree {
  readonly draft: Draft;
  readonly root: JsonSchemaNode;
  /** The JSON of the text. */
  readonly json: unknown;
  /** The texts that it refers to, by the names that it has for them. */
  readonly dependencies: readonly SchemaDocument[];
}

/** A JSON text that holds schemas. */
export interface SchemaDocument {
  readonly name: string;
  readonly json: unknown;
}

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/**
 * One schema, its keywords as the latest draft has them: a tuple is `prefixItems` and what follows it `items`, limits are
 * numbers, dependencies are told apart. What its draft does not know is not here.
 */
export interface JsonSchemaNode {
  readonly draft: Draft;
  /** Names the text that holds it; '' is the schema's own. */
  readonly document: string;
  /** JSON pointer in that text. */
  readonly path: string;
  /** As the text has it. */
  readonly json: SchemaJson;
  readonly annotations: Annotations;

  /** For a boolean schema: whether all values fit, or none. */
  readonly always?: boolean | undefined;
  /** What `$ref` leads to. */
  readonly ref?: JsonSchemaNode | undefined;
  /** It refers to what only a validator on its way knows: nothing can be said of what fits. */
  readonly isOpaque?: true | undefined;

  readonly types?: readonly JsonType[] | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly constant?: { readonly value: unknown } | undefined;

  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly exclusiveMaximum?: number | undefined;
  readonly multipleOf?: number | undefined;

  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;

  readonly prefixItems?: readonly JsonSchemaNode[] | undefined;
  /** Of all items behind the tuple. */
  readonly items?: JsonSchemaNode | undefined;
  /** Where there is no tuple it decides nothing, and Confluent looks at it all the same. */
  readonly additionalItems?: JsonSchemaNode | undefined;
  readonly unevaluatedItems?: JsonSchemaNode | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly contains?: JsonSchemaNode | undefined;
  readonly minContains?: number | undefined;
  readonly maxContains?: number | undefined;

  readonly properties?: ReadonlyMap<string, JsonSchemaNode> | undefined;
  readonly patternProperties?: ReadonlyMap<string, JsonSchemaNode> | undefined;
  readonly additionalProperties?: JsonSchemaNode | undefined;
  readonly unevaluatedProperties?: JsonSchemaNode | undefined;
  readonly propertyNames?: JsonSchemaNode | undefined;
  readonly required?: readonly string[] | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]> | undefined;
  readonly dependentSchemas?: ReadonlyMap<string, JsonSchemaNode> | undefined;

  readonly allOf?: readonly JsonSchemaNode[] | undefined;
  readonly anyOf?: readonly JsonSchemaNode[] | undefined;
  readonly oneOf?: readonly JsonSchemaNode[] | undefined;
  readonly not?: JsonSchemaNode | undefined;
  readonly condition?: Condition | undefined;
}

/** `if`, with what values that fit are held to as well, and what all others are. */
export interface Condition {
  readonly holds: JsonSchemaNode;
  readonly yes: JsonSchemaNode | undefined;
  readonly no: JsonSchemaNode | undefined;
}

/** What a schema says of itself, and no value fails by. */
export interface Annotations {
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: { readonly value: unknown } | undefined;
  /** What Kafka Connect holds the value for. */
  readonly connectType?: string | undefined;
}

/** The schemas that a value in the place of `node` is held to as well; a circle of these would never end. */
export function inPlaceSchemas(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const found: JsonSchemaNode[] = [];
  const { holds, yes, no } = node.condition ?? {};
  for (const one of [node.ref, node.not, holds, yes, no]) if (one !== undefined) found.push(one);
  for (const list of [node.allOf, node.anyOf, node.oneOf]) if (list !== undefined) found.push(...list);
  if (node.dependentSchemas !== undefined) found.push(...node.dependentSchemas.values());
  return found;
}

/** Members of a node that hold no value to anything. */
const silent = new Set(['draft', 'document', 'path', 'json', 'annotations', 'ref']);

/** A reference with nothing beside it is what it leads to. */
export function withoutReference(start: JsonSchemaNode): JsonSchemaNode {
  let node = start;
  while (node.ref !== undefined && Object.keys(node).every((member) => silent.has(member))) node = node.ref;
  return node;
}
