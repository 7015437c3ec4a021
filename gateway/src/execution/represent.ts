import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { mergeTree } from './merge-tree.ts';
import type { Rewrite } from './rewrite-tree.ts';
import { readMember, type Tree, writeMember } from './tree.ts';
import { typesOf } from './type-condition.ts';

/** What a subgraph is asked about, and which objects wait for it. */
export interface Batch {
  readonly representations: readonly Tree[];
  /** Of each representation, the first object that it stands for. */
  readonly targets: readonly Tree[];
  /** The others, by the position of the representation; most batches have none. */
  readonly equals: ReadonlyMap<number, readonly Tree[]> | null;
}

/** Makes the representations of objects by which another subgraph knows them; equal ones once. */
export type Represent = (objects: readonly Tree[]) => Batch;

/** Compiles what a fetch requires. An object that lacks something of it, or its type's name, has no representation. */
export function compileRequires(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrite: Rewrite | null,
): Represent {
  const parts = compileParts(schema, requires);
  const keyOf = compileKey(parts);
  return (objects) => {
    const representations: Tree[] = [];
    const targets: Tree[] = [];
    const positions = new Map<unknown, number>();
    let equals: Map<number, Tree[]> | null = null;
    for (const object of objects) {
      const representation = build(parts, object);
      if (representation === null || !representation['__typename']) continue;
      const key = keyOf(representation);
      const position = positions.get(key);
      if (position === undefined) {
        positions.set(key, representations.length);
        if (rewrite !== null) rewrite(representation);
        representations.push(representation);
        targets.push(object);
        continue;
      }
      equals ??= new Map();
      const others = equals.get(position);
      if (others === undefined) equals.set(position, [object]);
      else others.push(object);
    }
    return { representations, targets, equals };
  };
}

type Part = FieldPart | FragmentPart;

interface FieldPart {
  readonly name: string;
  readonly parts: readonly Part[] | null;
}

interface FragmentPart {
  readonly types: ReadonlySet<string>;
  readonly parts: readonly Part[];
}

function compileParts(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): readonly Part[] {
  return selections.flatMap((selection): readonly Part[] => {
    if (selection.kind === 'Field') {
      const { alias, name, selections: inner } = selection;
      return [{ name: alias ?? name, parts: inner === undefined ? null : compileParts(schema, inner) }];
    }
    const parts = compileParts(schema, selection.selections);
    return selection.typeCondition === undefined
      ? parts
      : [{ types: typesOf(schema, selection.typeCondition), parts }];
  });
}

/** What the parts select of an object; null if something of it is missing. A fragment that lacks something adds nothing. */
function build(parts: readonly Part[], source: Tree): Tree | null {
  let built: Tree | undefined;
  for (const part of parts) {
    if ('types' in part) {
      const typename = source['__typename'];
      if (typeof typename !== 'string' || !part.types.has(typename)) continue;
      const nested = build(part.parts, source);
      if (nested === null) continue;
      if (built === undefined) built = nested;
      else mergeTree(built, nested);
    } else {
      const value = readMember(source, part.name);
      if (value === undefined) return null;
      built ??= {};
      writeMember(built, part.name, part.parts === null ? value : buildNested(part.parts, value));
    }
  }
  return built ?? {};
}

function buildNested(parts: readonly Part[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => buildNested(parts, item));
  return typeof value === 'object' && value !== null ? build(parts, value as Tree) : null;
}

/**
 * What tells representations apart: for the usual ones, a type and one key, the key itself; for others the canonical text,
 * which is enough since all of them are built in one order.
 */
function compileKey(parts: readonly Part[]): (representation: Tree) => unknown {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && 'types' in only && only.types.size === 1) {
    const names = only.parts.map((part) => ('name' in part && part.parts === null ? part.name : null));
    const [key, ...others] = names.filter((name) => name !== '__typename');
    if (typeof key === 'string' && others.length === 0) {
      return (representation) => {
        const value = representation[key];
        return typeof value === 'object' && value !== null ? `\0${JSON.stringify(value)}` : value;
      };
    }
  }
  return textOf;
}

function textOf(representation: Tree): string {
  let text = '';
  for (const name in representation) {
    const value = representation[name];
    // The length in front keeps two values from reading like two others.
    text +=
      typeof value === 'string' ? `${name}=${value.length}:${value},` : `${name}=${JSON.stringify(value)},`;
  }
  return text;
}
