import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { secretsOf } from '../auth/service-secret.ts';

/** A place in a stream: after the event `seq`, in the history that `epoch` names. */
export interface Position {
  readonly epoch: string;
  readonly seq: bigint;
}

/** Where a cursor points: a position, or into a snapshot that its reader has not finished. */
export type CursorTarget = Position | 'unfinished-snapshot';

export interface CursorScope {
  readonly stream: string;
  /** Names the filter that the reader applies: a position among other events is another place. */
  readonly filterKey: string;
  /** One secret, or two separated by a comma: the first signs, cursors of both are read. */
  readonly secret: string;
}

const unfinished = 'snapshot';

/** The signed text of a place in a stream: base64url of v1|stream|epoch|seq|filter hash|HMAC. */
export function encodeCursor(target: CursorTarget, scope: CursorScope): string {
  const [epoch, seq] =
    target === 'unfinished-snapshot' ? ['', unfinished] : [target.epoch, String(target.seq)];
  const body = ['v1', scope.stream, epoch, seq, filterHash(scope.filterKey)].join('|');
  return Buffer.from(`${body}|${sign(body, secretsOf(scope.secret)[0])}`).toString('base64url');
}

/** Reads a cursor of this stream and filter; CURSOR_INVALID for any other text, CURSOR_FILTER_MISMATCH for another filter's. */
export function parseCursor(cursor: string, scope: CursorScope): CursorTarget {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const end = text.lastIndexOf('|');
  const body = text.slice(0, Math.max(end, 0));
  const signature = Buffer.from(text.slice(end + 1));
  const [version, stream, epoch, seq, filter] = body.split('|');
  const genuine =
    secretsOf(scope.secret).some((secret) => isEqual(signature, Buffer.from(sign(body, secret)))) &&
    // base64 has several spellings of one text; only ours is a cursor.
    Buffer.from(text).toString('base64url') === cursor;
  if (!genuine || version !== 'v1' || stream !== scope.stream || epoch === undefined || seq === undefined) {
    throw new Problem('CURSOR_INVALID', `not a cursor of the stream ${scope.stream}`, {
      fix: 'use a cursor as this stream gave it, or none',
    });
  }
  if (filter !== filterHash(scope.filterKey)) {
    throw new Problem('CURSOR_FILTER_MISMATCH', 'the cursor was given under another filter', {
      fix: 'resume with the filter that the cursor was given under, or start without a cursor',
    });
  }
  return seq === unfinished ? 'unfinished-snapshot' : { epoch, seq: BigInt(seq) };
}

function sign(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest().subarray(0, 16).toString('base64url');
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function filterHash(filterKey: string): string {
  return createHash('sha256').update(filterKey).digest().subarray(0, 8).toString('base64url');
}
