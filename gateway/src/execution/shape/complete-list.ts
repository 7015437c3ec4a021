import { type Complete, type Fault, faulty } from './fault.ts';

/** Completes each item; one that is null and must not be makes the list null. */
export function completeList(item: Complete, nonNull: boolean, place: string, itemPlace: string): Complete {
  return (value, faults) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) {
      faults.push({ message: `Invalid value found for ${place}: not a list.`, path: [], kind: 'shape' });
      return faulty;
    }
    const items: unknown[] = new Array(value.length);
    let broken = false;
    for (let index = 0; index < value.length; index += 1) {
      const before = faults.length;
      let shaped = item(value[index], faults);
      if (nonNull && shaped === null) {
        faults.push(noValue(`${itemPlace} at index ${index}`));
        shaped = faulty;
      }
      for (let fault = before; fault < faults.length; fault += 1) faults[fault]?.path.push(index);
      if (shaped === faulty) {
        broken ||= nonNull;
        shaped = null;
      }
      items[index] = shaped;
    }
    return broken ? faulty : items;
  };
}

/** Said of a null where the type allows none. */
export function noValue(place: string): Fault {
  return { message: `Cannot return null for non-nullable ${place}.`, path: [], kind: 'completion' };
}
