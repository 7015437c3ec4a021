import type { DeadLetter } from '../domain/dead-letter.ts';
import type { DeadLetterBox } from '../domain/dead-letter-box.ts';
import { shapeDigest } from '../domain/dead-letter-payload.ts';
import { tableKey } from '../domain/relation.ts';

/** Dead letters in the given list, for tests without a database. Those that end are taken out; nobody asks for a replay. */
export function memoryDeadLetters(letters: DeadLetter[]): DeadLetterBox {
  const same = (one: DeadLetter, other: DeadLetter): boolean =>
    one.relation === other.relation && one.commitLsn === other.commitLsn && one.ordinal === other.ordinal;
  return {
    open: async () =>
      letters.map(({ relation, commitLsn, ordinal, keys }) => ({
        schema: relation.schema,
        table: relation.table,
        commitLsn,
        ordinal,
        keys,
        shape: shapeDigest(relation),
      })),
    async park(parked) {
      for (const letter of parked) if (!letters.some((known) => same(known, letter))) letters.push(letter);
    },
    async supersede(table, _reason, before) {
      const kept = letters.filter(
        ({ relation, commitLsn }) =>
          tableKey(relation) !== tableKey(table) || (before !== null && commitLsn >= before),
      );
      letters.splice(0, letters.length, ...kept);
    },
    read: async () => [],
    resolve: async () => undefined,
    nextReplay: async () => null,
    finishReplay: async () => undefined,
  };
}
