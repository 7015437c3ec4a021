import type { NodeKind } from './entity-ids.ts';
import type { EventKind, LineageEvent, NodeMention } from './lineage-event.ts';
import type { RunState } from './run-state.ts';

/** What an accepted event touched in the graph, as it is announced on the stream. */
export interface GraphChange {
  readonly eventId: string;
  readonly kind: EventKind;
  /** When the event happened, by its producer. */
  readonly eventTime: string;
  readonly runId: string | null;
  readonly runState: RunState | null;
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: NodeKind;
    readonly namespace: string;
    readonly name: string;
  }[];
}

/** The announcement of an event: ids and names, nothing of its content. */
export function changeOf(event: LineageEvent): GraphChange {
  const mentions = [event.job, event.dataset, ...event.inputs, ...event.outputs];
  const nodes = new Map(
    mentions
      .filter((mention): mention is NodeMention => mention !== null)
      .map(({ id, kind, namespace, name }) => [id, { id, kind, namespace, name }]),
  );
  return {
    eventId: event.id,
    kind: event.kind,
    eventTime: event.at,
    runId: event.run?.id ?? null,
    runState: event.run?.state ?? null,
    nodes: [...nodes.values()],
  };
}
