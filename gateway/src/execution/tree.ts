/** What subgraphs answer, and what their answers are merged into: JSON that belongs to one request. */
export interface Tree {
  [name: string]: unknown;
}

/** Whether a value is an object with members, not a list. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a member that the object has itself. Clients choose names, `constructor` and `__proto__` too; JSON holds no functions,
 * so whatever else an object inherits shows by its type.
 */
export function readMember(tree: Tree, name: string): unknown {
  const value = tree[name];
  if (typeof value !== 'function' && name !== '__proto__') return value;
  return Object.hasOwn(tree, name) ? value : undefined;
}

/** Sets a member, `__proto__` too, which an assignment would take for the prototype. */
export function writeMember(tree: Tree, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(tree, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    tree[name] = value;
  }
}

/** A copy that shares nothing. */
export function copyTree<T>(value: T): T;
export function copyTree(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyItem);
  // Spreading keeps the form of the object, `__proto__` included, and is faster than setting member by member.
  const copy: Tree = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object' && member !== null) writeMember(copy, name, copyTree(member));
  }
  return copy;
}

// One argument: `map` would hand over the position too.
function copyItem(item: unknown): unknown {
  return copyTree(item);
}
