import { formatLsn, type Lsn, parseLsn } from '@spine/kernel/lsn';
import type { SourceTransaction } from '../domain/change.ts';
import { tableKey } from '../domain/relation.ts';
import type { SinkSession } from '../sink/sink.ts';
import type { ChangeStream, SourceIdentity } from '../source/change-source.ts';
import type { Admission } from './admit-tables.ts';
import { createBatchDelivery } from './deliver-batch.ts';
import { fromSink, fromSource } from './faults.ts';
import { uniformPrefix } from './form-batch.ts';
import { createParking } from './park-changes.ts';
import { watchReplays } from './replay-letters.ts';
import { RestartRoute, type RouteContext } from './route-context.ts';
import { discardSpooled } from './spooled-parts.ts';
import { createTableBook } from './table-book.ts';
import { watchRewrites } from './watch-rewrites.ts';
import { withAnswer } from './with-answer.ts';

export interface StreamInput {
  readonly session: SinkSession;
  readonly identity: SourceIdentity;
  readonly admission: Admission;
  readonly from: Lsn;
  /** From which position each open table is streamed. */
  readonly started: ReadonlyMap<string, Lsn>;
}

/** Follows the source: takes whole transactions, delivers them as batches, acknowledges what is durable at the sink. */
export async function streamBatches(context: RouteContext, input: StreamInput): Promise<void> {
  const { signal, limits, progress } = context;
  const book = createTableBook(context, input.admission, input.started, input.session);
  const streamed = new Set(input.admission.open.map(({ relation }) => tableKey(relation)));
  const parking = await createParking(context, (table) =>
    streamed.has(tableKey(table)) ? book.startOf(table) : null,
  );
  const deliver = createBatchDelivery(context, input.session, input.identity, book, parking);
  const stream = await fromSource(context.source.stream(input.from));
  const rewrites = watchRewrites(context, input.admission.open);
  const replays = watchReplays({ ...input, context, book, parking });
  let checkpoint = input.from;
  try {
    checkpoint = await deliverPending(context, stream, checkpoint, deliver);
    progress.enter('streaming');
    await context.runEvents.started([...input.admission.open]);
    let waiting: readonly SourceTransaction[] = [];
    let advancedAt = context.clock.now().getTime();
    while (!signal.aborted) {
      await followPolicy(context, input.admission);
      await rewrites.look();
      await replays.look(checkpoint);
      if (waiting.length === 0) {
        const take = await fromSource(stream.take(limits, signal));
        waiting = take.transactions;
        if (waiting.length > 0) context.pass('taken');
        progress.positions(take.position, stream.serverPosition());
        if (waiting.length === 0) {
          const now = context.clock.now().getTime();
          if (take.position > checkpoint && now - advancedAt >= limits.idleAdvanceMs) {
            await fromSink(input.session.advance(take.position));
            checkpoint = take.position;
            stream.acknowledge(checkpoint);
            progress.checkpointAt(checkpoint, context.clock.now());
            advancedAt = now;
          }
          continue;
        }
      }
      const batch = uniformPrefix(waiting);
      checkpoint = await deliver(checkpoint, batch);
      context.pass('committed');
      stream.acknowledge(checkpoint);
      context.pass('acknowledged');
      await discardSpooled(batch);
      waiting = waiting.slice(batch.length);
      advancedAt = context.clock.now().getTime();
      await context.runEvents.running();
    }
    await context.runEvents.completed();
  } catch (error) {
    if (!signal.aborted) throw error;
    await context.runEvents.completed();
  } finally {
    await stream.close();
  }
}

/**
 * A batch that was decided and whose delivery nobody saw: forms exactly that batch again, so that every batch keeps its one
 * decision, whoever delivers it.
 */
async function deliverPending(
  context: RouteContext,
  stream: ChangeStream,
  checkpoint: Lsn,
  deliver: ReturnType<typeof createBatchDelivery>,
): Promise<Lsn> {
  const { route, sinkEndpoint, governance, limits, signal, log } = context;
  const pending = await withAnswer(context, () =>
    governance.nextLeaf(route.name, sinkEndpoint.name, formatLsn(checkpoint)),
  );
  if (pending === null) return checkpoint;
  const end = parseLsn(pending.end);
  const gathered: SourceTransaction[] = [];
  for (;;) {
    signal.throwIfAborted();
    const take = await fromSource(stream.take({ ...limits, until: end }, signal));
    gathered.push(...take.transactions);
    const reached = gathered.at(-1)?.endLsn ?? checkpoint;
    if (reached >= end || take.position >= end) break;
  }
  log.info({ event: 'batch.formed_again', route: route.name, batchId: pending.batchId, lsn: pending.end });
  if (gathered.length === 0) return checkpoint;
  const reached = await deliver(checkpoint, gathered, pending);
  stream.acknowledge(reached);
  await discardSpooled(gathered);
  return reached;
}

/** A changed matrix takes effect on the next batch; a table that was denied and may now flow needs a new start. */
async function followPolicy(context: RouteContext, admission: Admission): Promise<void> {
  const latest = await context.policyFeed.current(context.signal, context.progress.hold);
  context.progress.resume();
  const waits = admission.withheld.some((table) => table.state === 'denied');
  if (waits && latest.digest !== admission.current.digest) throw new RestartRoute('the matrix changed');
}
