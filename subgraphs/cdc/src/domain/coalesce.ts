import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Change } from './change.ts';
import { fillUnchanged, unchangedColumns } from './fill-unchanged.ts';
import { isInsertOnly, type Relation, tableKey } from './relation.ts';
import { hasExactKey, rowKey } from './row-key.ts';

/** Rows that have values for the same columns. */
export interface PutGroup {
  /** Places of the columns whose value the sink's row keeps; empty for whole rows. */
  readonly unchanged: readonly number[];
  /** One image per key. */
  readonly rows: readonly Buffer[];
}

/** Statements that may run one after the other in this order: renames, deletes, then puts. No key occurs twice in one of them. */
export interface Step {
  /** Rows that get another key and keep values that were not sent. `to` is put by the step, too. */
  readonly renames: readonly { readonly from: Buffer; readonly to: Buffer }[];
  /** Images with the keys of rows that are gone. */
  readonly deletes: readonly Buffer[];
  readonly puts: readonly PutGroup[];
}

/** What is left of a table's changes in one batch. */
export interface Coalesced {
  /** The table is emptied before the first step. */
  readonly truncate: boolean;
  readonly steps: readonly Step[];
}

/**
 * Reduces the changes of one table to one final change per key, so that a batch can be applied by a few statements over
 * sets. A later image keeps what an earlier one of the batch had sent; a key that changes while a value is not sent renames
 * the sink's row; what a truncate throws away is not written at all. Changes must be in commit order.
 */
export function coalesce(relation: Relation, changes: readonly Change[]): Coalesced {
  let truncate = false;
  let steps: Step[] = [];
  let draft = emptyDraft();
  const book = isInsertOnly(relation) ? insertOnly(relation) : byKey(relation, closeStep);

  function closeStep(): Draft {
    if (!isEmpty(draft)) steps.push(toStep(draft));
    draft = emptyDraft();
    return draft;
  }

  for (const change of changes) {
    if (change.kind === 'truncate') {
      truncate = true;
      steps = [];
      draft = emptyDraft();
    } else {
      book(draft, change);
    }
  }
  closeStep();
  return { truncate, steps };
}

type RowChange = Exclude<Change, { readonly kind: 'truncate' }>;
type Book = (draft: Draft, change: RowChange) => void;

type Entry =
  | { readonly kind: 'put'; readonly image: Buffer; readonly unchanged: readonly number[] }
  | { readonly kind: 'gone'; readonly image: Buffer };

interface Draft {
  readonly entries: Map<string, Entry>;
  readonly renames: { from: Buffer; to: Buffer }[];
  readonly renamedFrom: Set<string>;
  /** Rows of a table without a key, in order. */
  readonly inserts: Buffer[];
}

function byKey(relation: Relation, closeStep: () => Draft): Book {
  const isKey = (index: number): boolean => relation.key.includes(index);
  const exact = hasExactKey(relation);
  const keyOf = (image: Buffer): string => rowKey(relation, image);

  return (draft, change) => {
    switch (change.kind) {
      case 'insert':
        draft.entries.set(keyOf(change.after), { kind: 'put', image: change.after, unchanged: [] });
        return;
      case 'delete':
        draft.entries.set(keyOf(change.before), { kind: 'gone', image: change.before });
        return;
      case 'update':
        update(draft, change);
    }
  };

  function update(draft: Draft, change: Extract<Change, { readonly kind: 'update' }>): void {
    let image = change.after;
    let unchanged = unchangedColumns(image);
    if (unchanged.length > 0 && change.before !== null) {
      // A whole old row has every value. An old key has those of the key: a large key value may be left out of the new row.
      image = fillUnchanged(image, change.before, change.beforeKind === 'O' ? () => true : isKey);
      unchanged = unchangedColumns(image);
    }
    const key = keyOf(image);
    const oldKey = change.before === null ? key : keyOf(change.before);
    const known = draft.entries.get(oldKey);
    if (unchanged.length > 0 && known?.kind === 'put') {
      image = fillUnchanged(image, known.image, () => true);
      unchanged = unchangedColumns(image);
    }
    if (oldKey === key || change.before === null) {
      invariant(unchanged.length === 0 || known?.kind !== 'gone', 'an update follows a delete of its row');
      draft.entries.set(key, { kind: 'put', image, unchanged });
      return;
    }
    if (unchanged.length === 0) {
      draft.entries.set(oldKey, { kind: 'gone', image: change.before });
      draft.entries.set(key, { kind: 'put', image, unchanged });
      return;
    }
    // The sink alone has the values that were not sent: its row is renamed. Renames come first in a step, so nothing before
    // them in it may concern either key; where two spellings are one key (1.0 and 1.00) nothing at all may.
    const touched = (candidate: string): boolean =>
      draft.entries.has(candidate) || draft.renamedFrom.has(candidate);
    const target = !exact || touched(oldKey) || touched(key) ? closeStep() : draft;
    target.renames.push({ from: change.before, to: image });
    target.renamedFrom.add(oldKey);
    target.entries.set(key, { kind: 'put', image, unchanged });
  }
}

function insertOnly(relation: Relation): Book {
  return (draft, change) => {
    if (change.kind !== 'insert') {
      throw new Problem(
        'TABLE_WITHOUT_IDENTITY',
        `${tableKey(relation)} has no primary key: an ${change.kind} cannot find its row`,
        { fix: `Add a primary key, or: alter table ${tableKey(relation)} replica identity using index ...` },
      );
    }
    draft.inserts.push(change.after);
  };
}

function emptyDraft(): Draft {
  return { entries: new Map(), renames: [], renamedFrom: new Set(), inserts: [] };
}

function isEmpty(draft: Draft): boolean {
  return draft.entries.size === 0 && draft.renames.length === 0 && draft.inserts.length === 0;
}

function toStep(draft: Draft): Step {
  const deletes: Buffer[] = [];
  const groups = new Map<string, { unchanged: readonly number[]; rows: Buffer[] }>();
  if (draft.inserts.length > 0) groups.set('', { unchanged: [], rows: draft.inserts });
  for (const entry of draft.entries.values()) {
    if (entry.kind === 'gone') {
      deletes.push(entry.image);
      continue;
    }
    const name = entry.unchanged.join();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { unchanged: entry.unchanged, rows: [entry.image] });
    else group.rows.push(entry.image);
  }
  return { renames: draft.renames, deletes, puts: [...groups.values()] };
}
