import { Problem } from '@spine/kernel/problem';
import { admitTables } from './admit-tables.ts';
import { copyMissingTables } from './copy-missing-tables.ts';
import { fromSink, fromSource } from './faults.ts';
import { openPosition } from './open-position.ts';
import type { RouteContext } from './route-context.ts';
import { standDenied } from './stand-denied.ts';
import { streamBatches } from './stream-batches.ts';

/**
 * One start of a route, from first question to last batch. Returns when the signal asks it to drain; everything else leaves
 * as an error: RestartRoute and FencedOut to start again at once, Problem with the state that the route then stands in.
 */
export async function runRoute(context: RouteContext): Promise<void> {
  const { source, sink, policyFeed, progress, signal, route } = context;
  progress.enter('starting');
  await policyFeed.refresh();
  const current = await policyFeed.current(signal, progress.hold);
  progress.resume();

  const identity = await fromSource(source.identify());
  const catalog = await fromSource(source.listTables(route.tables));
  if (catalog.length === 0) {
    throw new Problem('NOT_FOUND', `route ${route.name}: no table matches ${route.tables.join(', ')}`, {
      fix: 'Create the tables at the source or correct `tables` of the route in spine.yaml.',
    });
  }
  const admission = await admitTables(context, identity, current, catalog);
  if (admission.open.length === 0) return await standDenied(context, admission);

  const session = await fromSink(sink.takeOver(signal));
  try {
    await fromSource(source.publish(admission.open.map((table) => table.catalog)));
    const position = await openPosition(context, session, identity);
    const started = await copyMissingTables(context, { session, identity, admission, position });
    await streamBatches(context, { session, identity, admission, from: position.from, started });
  } finally {
    await session.close();
  }
}
