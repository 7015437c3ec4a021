/** A copy of a tree of JSON that shares nothing with it. */
export function ownTree<T>(tree: T): T;
export function ownTree(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) {
    const copy: unknown[] = [];
    for (const item of tree) copy.push(ownTree(item));
    return copy;
  }
  return ownMembers(tree);
}

// What was parsed inherits no name, so `for in` finds its own alone, and makes no list of them.
function ownMembers(tree: object): Record<string, unknown> {
  const members: Record<string, unknown> = { ...tree };
  for (const name in members) {
    const value = members[name];
    if (typeof value !== 'object' || value === null) continue;
    // Assigned, this name would be no member but the copy's prototype.
    if (name === '__proto__') Object.defineProperty(members, name, { value: ownTree(value), ...plain });
    else members[name] = ownTree(value);
  }
  return members;
}

const plain = { enumerable: true, configurable: true, writable: true } as const;
