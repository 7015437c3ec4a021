import { isTree, readMember, type Tree, writeMember } from './tree.ts';

/**
 * Merges an answer into what is known already; of two values the later holds. Lists of the same length are merged item by
 * item. Nothing is copied: parts of the answer become parts of the target.
 */
export function mergeTree(target: Tree, answer: Tree): void {
  for (const name in answer) {
    const value = answer[name];
    if (value === undefined) continue;
    if (typeof value !== 'object' || value === null) {
      writeMember(target, name, value);
      continue;
    }
    const present = readMember(target, name);
    if (!mergeInto(present, value)) writeMember(target, name, value);
  }
}

/** Whether the two could be merged; otherwise the value takes the place of the other. */
function mergeInto(present: unknown, value: object): boolean {
  if (!Array.isArray(value)) {
    if (!isTree(present)) return false;
    mergeTree(present, value as Tree);
    return true;
  }
  if (!Array.isArray(present) || present.length !== value.length) return false;
  for (let index = 0; index < value.length; index += 1) {
    const item: unknown = value[index];
    const merged = typeof item === 'object' && item !== null && mergeInto(present[index], item);
    if (!merged) present[index] = item;
  }
  return true;
}
