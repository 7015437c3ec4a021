import type { JsonSchemaNode } from '../json-schema-tree.ts';

/**
 * A schema as Kafka's registry sees it: of one kind each, where a schema with keywords of several kinds is the product of
 * one shape for each. Its verdicts follow from this, and are not to be had from the keywords.
 */
export type Shape = { readonly node: JsonSchemaNode } & (
  | { readonly kind: 'true' | 'false' | 'empty' | 'boolean' | 'null' | 'conditional' }
  | StringShape
  | NumberShape
  | ArrayShape
  | ObjectShape
  | { readonly kind: 'enum'; readonly values: readonly unknown[] }
  | { readonly kind: 'const'; readonly value: unknown }
  | { readonly kind: 'not'; readonly refused: Shape }
  | CombinedShape
);

export interface StringShape {
  readonly kind: 'string';
}

export interface NumberShape {
  readonly kind: 'number';
  readonly isInteger: boolean;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly every: JsonSchemaNode | undefined;
  readonly tuple: readonly JsonSchemaNode[];
  readonly rest: ContentModel;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly rest: ContentModel;
}

/** What may be beside the properties or items that are named. */
export interface ContentModel {
  readonly permits: boolean;
  readonly schema: JsonSchemaNode | undefined;
  readonly unevaluated: JsonSchemaNode | undefined;
}

export type Criterion = 'allOf' | 'anyOf' | 'oneOf';

export interface CombinedShape {
  readonly kind: 'combined';
  readonly criterion: Criterion;
  /** Each once: two of the same text are one. */
  readonly parts: readonly Shape[];
}
