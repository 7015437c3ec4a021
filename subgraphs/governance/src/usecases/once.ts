import { appendEvents } from '@spine/platform/stream/append-event';
import { z } from 'zod';
import { acknowledgeViolation } from './acknowledge-violation.ts';
import { answerOnce } from './answer-once.ts';
import type { GovernanceDeps } from './governance-deps.ts';
import { type SignOutcome, signMatrix } from './sign-matrix.ts';

const acknowledgedShape = z.object({ kind: z.enum(['acknowledged', 'not-found']) });
const signedShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed'), version: z.number() }),
  z.object({ kind: z.literal('not-found') }),
  z.object({ kind: z.literal('refused'), message: z.string() }),
]);

/** Acknowledges a violation once for each idempotency key, and tells the stream of violations. */
export async function acknowledgeOnce(
  deps: GovernanceDeps,
  by: string,
  input: { readonly idempotencyKey: string; readonly id: string; readonly comment: string },
): Promise<z.infer<typeof acknowledgedShape>> {
  const at = deps.clock.now();
  const { idempotencyKey: key, ...rest } = input;
  return await deps.database.kysely.transaction().execute(async (trx) => {
    const events: object[] = [];
    const answer = await answerOnce(
      trx,
      { principal: by, key, mutation: 'acknowledgeViolation', input: rest },
      at,
      (kept) => acknowledgedShape.parse(kept),
      async () => {
        const outcome = await acknowledgeViolation(trx, { ...rest, by }, at);
        if (outcome.kind === 'acknowledged' && outcome.changed) {
          events.push({ type: 'updated', violation: outcome.violation });
        }
        return { kind: outcome.kind };
      },
    );
    // The stream's lock is held until the commit, so this comes last.
    if (events.length > 0) await appendEvents(trx, 'violations', events);
    return answer;
  });
}

/** Signs a matrix once for each idempotency key. */
export async function signOnce(
  deps: GovernanceDeps,
  by: string,
  input: { readonly idempotencyKey: string; readonly version: number; readonly digest: string },
): Promise<SignOutcome> {
  const at = deps.clock.now();
  const { idempotencyKey: key, ...rest } = input;
  return await deps.database.kysely.transaction().execute((trx) =>
    answerOnce(
      trx,
      { principal: by, key, mutation: 'signMatrix', input: rest },
      at,
      (kept): SignOutcome => signedShape.parse(kept),
      () => signMatrix(trx, { ...rest, by, role: 'security' }, at),
    ),
  );
}
