import type { NodeKind } from './entity-ids.ts';
import type { Instant } from './instant.ts';
import type { RunState } from './run-state.ts';

/** What an event is about, by its structure: producers may omit or misname its schema. */
export type EventKind = 'run' | 'dataset' | 'job';

/** Something that a strict consumer would have refused. Names places, never values. */
export interface EventWarning {
  readonly code:
    | 'MEMBER_MISSING'
    | 'MEMBER_INVALID'
    | 'MEMBER_IGNORED'
    | 'TIME_WITHOUT_ZONE'
    | 'RUN_ID_NOT_UUID'
    | 'TEXT_CLEANED'
    | 'FACET_INVALID'
    | 'FACET_RENAMED'
    | 'FACET_NOT_PROJECTED';
  /** JSON pointer into the event. */
  readonly path: string;
  readonly message: string;
}

/** A facet of an entity; `value` null says that it was deleted. */
export interface FacetMention {
  readonly key: string;
  readonly schemaUrl: string | null;
  readonly value: Readonly<Record<string, unknown>> | null;
}

/** A dataset or job named by an event. */
export interface NodeMention {
  readonly id: string;
  readonly kind: NodeKind;
  readonly namespace: string;
  readonly name: string;
  readonly facets: readonly FacetMention[];
}

/** A run named by an event. */
export interface RunMention {
  readonly id: string;
  readonly state: RunState;
  readonly facets: readonly FacetMention[];
}

/** An accepted event, reduced to what the graph is made of. */
export interface LineageEvent {
  /** SHA-256 of the content as 64 hex digits: the same event sent twice has one id. */
  readonly id: string;
  readonly kind: EventKind;
  readonly at: Instant;
  readonly producer: string | null;
  readonly run: RunMention | null;
  readonly job: NodeMention | null;
  readonly inputs: readonly NodeMention[];
  readonly outputs: readonly NodeMention[];
  /** What a DatasetEvent describes, or a run event on top. */
  readonly dataset: NodeMention | null;
  /** The whole event as canonical JSON. */
  readonly body: string;
  readonly warnings: readonly EventWarning[];
}
