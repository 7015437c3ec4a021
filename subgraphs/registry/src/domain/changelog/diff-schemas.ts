import { diffGovernance, type Governance } from '../governance-change.ts';
import { outlineSchema, type ReadSchema } from '../outline/outline-schema.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import { diffParts } from './diff-parts.ts';
import type { SchemaChange } from './schema-change.ts';
import { type Breaches, traceBreaches } from './trace-breaches.ts';

/** What a changelog looks at: a schema, its fields, and what its version says about its data. */
export interface DescribedSchema extends ReadSchema {
  readonly schema: ReadSchema['schema'] & { readonly fields: readonly { readonly path: string }[] };
  readonly governance: Governance;
  /** Its outline, where that is made already. */
  readonly outlined?: (() => SchemaOutline) | undefined;
}

/**
 * Every difference between two versions, each with the breaches that come of it. The same two versions give the same
 * list in the same order; every breach stands at one change at least. Two equal versions differ in nothing.
 */
export function diffSchemas(
  before: DescribedSchema,
  after: DescribedSchema,
  breaches: Breaches,
): readonly SchemaChange[] {
  const labels = labelChanges(before, after);
  const [old, now] = [outlineOf(before), outlineOf(after)];
  if (before.source.type !== after.source.type) {
    const root = { old: [''], now: [''] };
    const change = { kind: 'TYPE_CHANGED', part: 'SCHEMA', name: '', places: root } as const;
    const values = { before: before.source.type, after: after.source.type, path: '', oldPath: '' };
    return [...traceBreaches([{ ...change, ...values }], breaches, { old, now }), ...labels];
  }
  return [...traceBreaches(diffParts(old, now), breaches, { old, now }), ...labels];
}

function outlineOf(described: DescribedSchema): SchemaOutline {
  return described.outlined?.() ?? outlineSchema(described);
}

function labelChanges(before: DescribedSchema, after: DescribedSchema): readonly SchemaChange[] {
  const paths = new Set(after.schema.fields.map(({ path }) => path));
  const changes = diffGovernance(before.governance, after.governance, (path) => paths.has(path));
  return changes.map(({ kind, fieldPath, before: was, after: is }) => ({
    kind,
    part: 'GOVERNANCE',
    name: fieldPath,
    ...(was !== undefined && { before: was }),
    ...(is !== undefined && { after: is }),
    breaks: [],
    breaches: [],
  }));
}
