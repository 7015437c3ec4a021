import { readMember, type Tree, writeMember } from '../tree.ts';
import { noValue } from './complete-list.ts';
import { type Complete, faulty } from './fault.ts';

/** One field of an object's shape. */
export interface FieldShape {
  /** As the client calls it. */
  readonly name: string;
  /** As it is called in what the plan gathered. */
  readonly source: string;
  /** How messages call it. */
  readonly place: string;
  readonly nonNull: boolean;
  readonly complete: Complete;
}

/** Completes each field of an object; one that is null and must not be makes the object null. */
export function completeFields(fields: readonly FieldShape[]): Complete {
  return (value, faults) => {
    const source = value as Tree;
    const shaped: Tree = {};
    for (const field of fields) {
      const before = faults.length;
      let member = field.complete(readMember(source, field.source), faults);
      if (member === null && field.nonNull) {
        faults.push(noValue(field.place));
        member = faulty;
      }
      for (let fault = before; fault < faults.length; fault += 1) faults[fault]?.path.push(field.name);
      if (member === faulty) {
        if (field.nonNull) return faulty;
        member = null;
      }
      writeMember(shaped, field.name, member);
    }
    return shaped;
  };
}
