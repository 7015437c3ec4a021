import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { sql } from 'kysely';
import type { GovernanceTransaction } from '../store/governance-tables.ts';
import { findAnswer, insertAnswer } from '../store/mutation-answers.ts';

/**
 * Runs a mutation once for each (principal, idempotency key): a repetition gets the first answer. Throws CONFLICT when the key
 * was used for another input.
 */
export async function answerOnce<T extends object>(
  trx: GovernanceTransaction,
  call: {
    readonly principal: string;
    readonly key: string;
    readonly mutation: string;
    readonly input: object;
  },
  at: Date,
  parse: (answer: object) => T,
  run: () => Promise<T>,
): Promise<T> {
  const { principal, key, mutation, input } = call;
  // Two calls at once under one key: the second waits and finds the first one's answer.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`governance.mutation.${principal}.${key}`}, 0))`.execute(
    trx,
  );
  const inputDigest = sha256Hex(canonicalJson([mutation, input]));
  const before = await findAnswer(trx, principal, key);
  if (before !== undefined) {
    if (before.inputDigest === inputDigest) return parse(before.answer);
    throw new Problem('CONFLICT', 'the idempotency key was used for another input', {
      fix: 'Use a new key for a new mutation.',
      path: 'idempotencyKey',
    });
  }
  const answer = await run();
  await insertAnswer(trx, principal, key, { inputDigest, answer }, at);
  return answer;
}
