import type { Admission } from './admit-tables.ts';
import { fromSource } from './faults.ts';
import { RestartRoute, type RouteContext } from './route-context.ts';

const lookAgainMs = 500;

/**
 * No table of the route may flow: it stands denied, without a slot, so that WAL never piles up behind a denial. When the
 * matrix changes it starts again from its first stage.
 */
export async function standDenied(context: RouteContext, admission: Admission): Promise<void> {
  const { source, memory, progress, policyFeed, signal, clock } = context;
  if ((await fromSource(source.findSlot())) !== null) {
    await memory.setStartsAnew(true);
    await fromSource(source.dropSlot());
  }
  const stopped = admission.withheld.every((table) => table.state === 'stopped');
  const reason = admission.withheld.map((table) => table.admitted?.decision.reason ?? 'contract refused');
  progress.enter(stopped ? 'stopped' : 'denied', [...new Set(reason)].join('; '));
  while (!signal.aborted) {
    const latest = await policyFeed.current(signal, progress.hold);
    progress.resume();
    if (latest.digest !== admission.current.digest) throw new RestartRoute('the matrix changed');
    await clock.sleep(lookAgainMs, signal);
  }
}
