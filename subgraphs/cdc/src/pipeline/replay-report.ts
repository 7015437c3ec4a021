import { letterPlaceText, type OpenLetter, type ReplayedTable } from '../domain/dead-letter-box.ts';
import { tableKey } from '../domain/relation.ts';

/** Counts how a replay goes, table by table. What is said of a letter last is what counts. */
export interface ReplayReport {
  delivered(letters: readonly OpenLetter[]): void;
  refused(letters: readonly OpenLetter[], reason: string): void;
  tables(): readonly ReplayedTable[];
}

export function createReplayReport(): ReplayReport {
  const said = new Map<string, { readonly table: string; readonly reason: string | null }>();
  const say = (letters: readonly OpenLetter[], reason: string | null): void => {
    for (const letter of letters) said.set(letterPlaceText(letter), { table: tableKey(letter), reason });
  };
  return {
    delivered: (letters) => say(letters, null),
    refused: say,
    tables() {
      const names = [...new Set([...said.values()].map(({ table }) => table))].sort();
      return names.map((table) => {
        const own = [...said.values()].filter((each) => each.table === table).map(({ reason }) => reason);
        const reasons = own.filter((reason) => reason !== null);
        return {
          table,
          delivered: own.length - reasons.length,
          refused: reasons.length,
          reasons: [...new Set(reasons)].sort(),
        };
      });
    },
  };
}
