import type { Profile } from '../check-rules.ts';
import type { AvroSchema, AvroUnion, ResolvedType } from './avro-schema.ts';
import { resolveType, simpleName } from './named-type.ts';

/** A branch of a reader's union, and where it stands there. */
export interface Branch {
  readonly type: ResolvedType;
  readonly index: number;
}

/** What else may read a type: numbers widen, text and bytes stand for each other. */
const wider: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Whether the values of one unnamed type can be read as another's. */
export function isWidened(reader: string, writer: string): boolean {
  return wider[writer]?.includes(reader) ?? false;
}

/**
 * Finds the branches of a reader's union that fit a writer's type, without a look at all the others: two unions of a
 * thousand records each are a million pairs. Under `strict` a branch of the very kind and name is the only one, because
 * it is the one that decoders take.
 */
export function createBranchFinder(
  reader: AvroSchema,
  profile: Profile,
): (union: AvroUnion, writer: ResolvedType) => readonly Branch[] {
  const indexes = new Map<AvroUnion, ReadonlyMap<string, readonly Branch[]>>();

  return (union, writer) => {
    const index = indexes.get(union) ?? indexUnion(reader, union);
    indexes.set(union, index);
    const exact = profile === 'strict' ? index.get(exactKey(writer)) : undefined;
    if (exact !== undefined) return exact;
    const lists = keysOfWriter(writer).flatMap((key) => {
      const list = index.get(key);
      return list === undefined ? [] : [list];
    });
    const [first = [], ...others] = lists;
    if (others.length === 0) return first;
    return [...new Set(lists.flat())].sort((a, b) => a.index - b.index);
  };
}

function indexUnion(reader: AvroSchema, union: AvroUnion): ReadonlyMap<string, readonly Branch[]> {
  const index = new Map<string, Branch[]>();
  union.branches.forEach((branch, at) => {
    const found = { type: resolveType(reader, branch), index: at };
    for (const key of keysOfReader(found.type)) {
      const others = index.get(key);
      if (others === undefined) index.set(key, [found]);
      else others.push(found);
    }
  });
  return index;
}

/** Names fit in full, without their namespaces, or as a full name among the reader's aliases. */
function keysOfReader(type: ResolvedType): readonly string[] {
  if (!('name' in type)) return [type.kind];
  const { kind, name, aliases } = type;
  return [
    `${kind} ${name}`,
    `${kind} any ${simpleName(name)}`,
    ...aliases.map((alias) => `${kind} alias ${alias}`),
  ];
}

function keysOfWriter(type: ResolvedType): readonly string[] {
  if (!('name' in type)) return [type.kind, ...(wider[type.kind] ?? [])];
  const { kind, name } = type;
  return [`${kind} any ${simpleName(name)}`, `${kind} alias ${name}`];
}

function exactKey(type: ResolvedType): string {
  return 'name' in type ? `${type.kind} ${type.name}` : type.kind;
}
