import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { readMember, type Tree, writeMember } from './tree.ts';
import { typesOf } from './type-condition.ts';

/** Changes a representation before it is sent, or an answer before it is merged, in place. */
export type Rewrite = (value: unknown) => void;

/** Compiles the rewrites of a fetch; null when there is none. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] = [],
): Rewrite | null {
  if (rewrites.length === 0) return null;
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (value) => {
    for (const rewrite of compiled) rewrite(value);
  };
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const name = rewrite.path.at(-1);
  if (name === undefined) return () => undefined;
  const change =
    rewrite.kind === 'ValueSetter'
      ? setValue(name, rewrite.setValueTo)
      : renameKey(name, rewrite.renameKeyTo);
  const steps = rewrite.path.slice(0, -1).map((step) => compileStep(schema, step));
  return (value) => applyAt(value, steps, 0, change);
}

function setValue(name: string, value: unknown): (tree: Tree) => void {
  return (tree) => writeMember(tree, name, value);
}

function renameKey(from: string, to: string): (tree: Tree) => void {
  return (tree) => {
    const value = readMember(tree, from);
    if (value === undefined) return;
    writeMember(tree, to, value);
    writeMember(tree, from, undefined);
  };
}

/** A step down a name, or one that stays where it is if the object is of a type. */
type RewriteStep = { readonly name: string } | { readonly types: ReadonlySet<string> };

const fragment = '... on ';

function compileStep(schema: GraphQLSchema, step: string): RewriteStep {
  return step.startsWith(fragment) ? { types: typesOf(schema, step.slice(fragment.length)) } : { name: step };
}

function applyAt(
  value: unknown,
  steps: readonly RewriteStep[],
  index: number,
  change: (tree: Tree) => void,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) applyAt(item, steps, index, change);
    return;
  }
  const tree = value as Tree;
  const step = steps[index];
  if (step === undefined) {
    change(tree);
  } else if ('name' in step) {
    applyAt(readMember(tree, step.name), steps, index + 1, change);
  } else {
    const typename = tree['__typename'];
    // Without a name of its own the object is of the type that was asked for.
    if (typeof typename !== 'string' || step.types.has(typename)) applyAt(tree, steps, index + 1, change);
  }
}
