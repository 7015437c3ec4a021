import { isTree, readMember, type Tree } from './tree.ts';

/** Where something is in the client's answer. */
export type ResponsePath = readonly (string | number)[];

/** The objects at a path of a plan, whose steps are names and `@`, all items of a list. What is not there is passed over. */
export function objectsAt(roots: readonly Tree[], path: readonly string[]): readonly Tree[] {
  const found: Tree[] = [];
  for (const root of roots) collect(root, path, 0, found);
  return found;
}

function collect(value: unknown, path: readonly string[], step: number, found: Tree[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    // A list of lists has one `@` for each of its levels.
    const rest = path[step] === '@' ? step + 1 : step;
    for (const item of value) collect(item, path, rest, found);
    return;
  }
  const name = path[step];
  if (name === undefined) {
    found.push(value as Tree);
  } else if (name !== '@') {
    collect(readMember(value as Tree, name), path, step + 1, found);
  }
}

/** Where the objects at a path of a plan are: walked again when an error needs to be told, which is seldom. */
export function pathsTo(root: Tree, path: readonly string[]): ReadonlyMap<Tree, ResponsePath> {
  const paths = new Map<Tree, ResponsePath>();
  const walk = (value: unknown, step: number, at: ResponsePath): void => {
    const name = path[step];
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, name === '@' ? step + 1 : step, [...at, index]);
    } else if (isTree(value)) {
      if (name === undefined) paths.set(value, at);
      else if (name !== '@') walk(readMember(value, name), step + 1, [...at, name]);
    }
  };
  walk(root, 0, []);
  return paths;
}
