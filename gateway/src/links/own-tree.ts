/** A copy of a tree of JSON that shares nothing with it. */
export function ownTree<T>(tree: T): T;
export function ownTree(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map(ownTree);
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (name === '__proto__') Object.defineProperty(copy, name, { value: ownTree(value), ...plain });
    else copy[name] = ownTree(value);
  }
  return copy;
}

// Assigned, this name would be no member but the copy's prototype.
const plain = { enumerable: true, configurable: true, writable: true } as const;
