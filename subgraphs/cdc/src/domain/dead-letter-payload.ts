import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import type { Change } from './change.ts';
import type { Relation } from './relation.ts';
import { tupleEnd } from './tuple.ts';

/** A row change as bytes: kind (I, U or D), kind of the old row (K, O or -), then the old tuple and the new one where there are any. */
export function encodePayload(change: Exclude<Change, { readonly kind: 'truncate' }>): Buffer {
  switch (change.kind) {
    case 'insert':
      return Buffer.concat([Buffer.from('I-'), change.after]);
    case 'delete':
      return Buffer.concat([Buffer.from(`D${change.beforeKind}`), change.before]);
    case 'update':
      return Buffer.concat([
        Buffer.from(`U${change.before === null ? '-' : (change.beforeKind ?? '-')}`),
        change.before ?? Buffer.alloc(0),
        change.after,
      ]);
  }
}

/** Reads what `encodePayload` wrote. Throws RangeError on anything else. */
export function decodePayload(relation: Relation, payload: Buffer): Change {
  const kind = payload.toString('latin1', 0, 1);
  const old = payload.toString('latin1', 1, 2);
  const beforeKind = old === 'K' || old === 'O' ? old : null;
  const firstEnd = tupleEnd(payload, 2, payload.length);
  const first = payload.subarray(2, firstEnd);
  const wellEnded = (end: number): void => {
    if (end !== payload.length) throw new RangeError('a dead letter has bytes after its change');
  };
  if (kind === 'I') {
    wellEnded(firstEnd);
    return { kind: 'insert', relation, after: first };
  }
  if (kind === 'D' && beforeKind !== null) {
    wellEnded(firstEnd);
    return { kind: 'delete', relation, before: first, beforeKind };
  }
  if (kind !== 'U') throw new RangeError('a dead letter is of an unknown kind');
  if (beforeKind === null) {
    wellEnded(firstEnd);
    return { kind: 'update', relation, before: null, beforeKind: null, after: first };
  }
  const secondEnd = tupleEnd(payload, firstEnd, payload.length);
  wellEnded(secondEnd);
  return {
    kind: 'update',
    relation,
    before: first,
    beforeKind,
    after: payload.subarray(firstEnd, secondEnd),
  };
}

/** One digest per shape: a payload is read by the columns under which it was written. */
export function shapeDigest(relation: Relation): string {
  return sha256Hex(canonicalJson(relation));
}
