import { pointerSteps } from './place.ts';

/**
 * A pointer into one JSON schema as a pointer into another: members of lists are found by their names, not by their
 * positions. Ends where the other one has nothing of the kind.
 */
export function translatePointer(from: unknown, to: unknown, pointer: string): string {
  let [source, target] = [from, to];
  let translated = '';
  for (const step of pointerSteps(pointer)) {
    const inner = childOf(source, step);
    const found = Array.isArray(target)
      ? indexOfSame(target, inner, step)
      : childOf(target, step) === undefined
        ? undefined
        : step;
    if (found === undefined) break;
    translated += `/${found.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    [source, target] = [inner, childOf(target, found)];
  }
  return translated;
}

/** Named members by name, simple values by value, others by position. */
function indexOfSame(list: readonly unknown[], member: unknown, step: string): string | undefined {
  const name = childOf(member, 'name');
  const same =
    typeof name === 'string'
      ? list.findIndex((each) => childOf(each, 'name') === name)
      : typeof member === 'string'
        ? list.indexOf(member)
        : Number(step) < list.length
          ? Number(step)
          : -1;
  return same < 0 ? undefined : String(same);
}

function childOf(value: unknown, step: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
}
