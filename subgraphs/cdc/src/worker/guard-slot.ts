import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Route } from '../domain/endpoint.ts';
import {
  parseWalSize,
  type SlotDanger,
  type SlotHealth,
  sayWalSize,
  slotDanger,
} from '../domain/slot-danger.ts';
import type { RouteMemory } from '../pipeline/route-memory.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';

const lookMs = 5_000;

export interface SlotGuardDeps {
  readonly route: Route;
  readonly slotHealth: () => Promise<SlotHealth | null>;
  /** Ends the slot's reader and drops the slot. */
  readonly giveUpSlot: () => Promise<void>;
  readonly memory: Pick<RouteMemory, 'setStartsAnew'>;
  readonly progress: RouteProgress;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Watches what the route's slot costs its source, whatever the route itself is doing: it is just the route that cannot deliver whose
 * slot fills the source's disk. Tells when the slot comes near its end; at the route's `walLimit` gives it up on purpose, and the
 * route starts anew. Returns when the signal aborts.
 */
export async function guardSlot(deps: SlotGuardDeps): Promise<void> {
  const { route, progress, clock, signal } = deps;
  const limit = route.walLimit === undefined ? null : parseWalSize(route.walLimit);
  let told: SlotDanger = 'none';
  while (!signal.aborted) {
    try {
      const health = await deps.slotHealth();
      if (signal.aborted) return;
      const danger = health === null ? 'none' : slotDanger(health, limit);
      if (health !== null && danger !== told) tell(deps, danger, health);
      told = danger;
      if (health !== null && danger !== 'over') progress.caution(cautionOf(danger, health, route));
      if (health !== null && danger === 'over') await giveUp(deps, health);
    } catch (error) {
      // A source that is down is the route's to tell.
      deps.log.debug({ event: 'slot.unseen', err: error });
    }
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }
}

async function giveUp(
  { route, memory, progress, log, giveUpSlot }: SlotGuardDeps,
  health: SlotHealth,
): Promise<void> {
  // Remembered first: whoever starts the route after this makes the slot anew, and none finds half of it.
  await memory.setStartsAnew(true);
  await giveUpSlot();
  // A start that was under way may have made the slot just dropped, and forgotten why.
  await memory.setStartsAnew(true);
  const kept = sayWalSize(health.retainedBytes);
  progress.caution(
    `its slot was given up: the source kept ${kept} of WAL for it, the route's walLimit is ${route.walLimit}`,
  );
  log.error({
    event: 'slot.given_up',
    retainedBytes: String(health.retainedBytes),
    walLimit: route.walLimit,
    fix: 'The route copies its tables again by itself as soon as it can. Find out why it could not deliver, or raise walLimit.',
  });
}

function tell({ log }: SlotGuardDeps, danger: SlotDanger, health: SlotHealth): void {
  const facts = {
    walStatus: health.walStatus,
    invalidationReason: health.invalidationReason,
    retainedBytes: String(health.retainedBytes),
    safeBytes: health.safeBytes === null ? null : String(health.safeBytes),
  };
  switch (danger) {
    case 'none':
      log.info({ event: 'slot.recovered', ...facts });
      return;
    case 'warning':
      log.warn({ event: 'slot.warning', ...facts });
      return;
    case 'danger':
      log.error({
        event: 'slot.danger',
        ...facts,
        fix: 'Let the route deliver again soon, or raise max_slot_wal_keep_size at the source (walLimit of the route).',
      });
      return;
    case 'lost':
      log.error({ event: 'slot.lost', ...facts });
      return;
    case 'over':
      return;
  }
}

function cautionOf(danger: SlotDanger, health: SlotHealth, route: Route): string | null {
  if (danger === 'none' || danger === 'lost') return null;
  const limits = [
    ...(route.walLimit === undefined ? [] : [`walLimit ${route.walLimit}`]),
    ...(health.safeBytes === null
      ? []
      : [`${sayWalSize(health.safeBytes > 0n ? health.safeBytes : 0n)} are left at the source`]),
  ];
  return `the source keeps ${sayWalSize(health.retainedBytes)} of WAL for the route (${limits.join(', ')})`;
}
