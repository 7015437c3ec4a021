import type { JsonSchemaNode } from '../json-schema-tree.ts';

/** The tightest limits that several schemas set together. */
export interface Limits {
  /** Numbers below are refused; equal ones too where `isLowOut`. */
  readonly low: number;
  readonly isLowOut: boolean;
  readonly high: number;
  readonly isHighOut: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minItems: number;
  readonly maxItems: number;
  readonly minProperties: number;
  readonly maxProperties: number;
  readonly required: ReadonlySet<string>;
}

const none = Number.POSITIVE_INFINITY;

export function limitsOf(nodes: readonly JsonSchemaNode[]): Limits {
  const greatest = (read: (node: JsonSchemaNode) => number | undefined, otherwise: number) =>
    nodes.reduce((found, node) => Math.max(found, read(node) ?? otherwise), otherwise);
  const least = (read: (node: JsonSchemaNode) => number | undefined) =>
    nodes.reduce((found, node) => Math.min(found, read(node) ?? none), none);
  const [low, lowOut] = [
    greatest((node) => node.minimum, -none),
    greatest((node) => node.exclusiveMinimum, -none),
  ];
  const [high, highOut] = [least((node) => node.maximum), least((node) => node.exclusiveMaximum)];
  const required = new Set(nodes.flatMap((node) => node.required ?? []));
  return {
    low: Math.max(low, lowOut),
    isLowOut: lowOut >= low && lowOut !== -none,
    high: Math.min(high, highOut),
    isHighOut: highOut <= high && highOut !== none,
    minLength: greatest((node) => node.minLength, 0),
    maxLength: least((node) => node.maxLength),
    minItems: greatest((node) => node.minItems, 0),
    maxItems: least((node) => node.maxItems),
    minProperties: Math.max(
      greatest((node) => node.minProperties, 0),
      required.size,
    ),
    maxProperties: least((node) => node.maxProperties),
    required,
  };
}
