import type { ColumnType, Generated, Kysely, Transaction } from 'kysely';
import type { NodeKind } from '../domain/entity-ids.ts';
import type { EventKind } from '../domain/lineage-event.ts';
import type { Direction } from '../domain/project-events.ts';
import type { RunState } from '../domain/run-state.ts';

// Written as text to the microsecond; read as a Date, to the millisecond.
type Moment = ColumnType<Date, string, string>;

/** The tables of the lineage schema, as Kysely sees them. */
export interface LineageTables {
  event_log: {
    event_id: Buffer;
    received_at: Generated<Date>;
    event_at: Moment;
    kind: EventKind;
    run_id: string | null;
    job_id: string | null;
    producer: string | null;
    body: string;
    warnings: ColumnType<unknown, string, never>;
  };
  node: {
    node_id: string;
    kind: NodeKind;
    namespace: string;
    name: string;
    first_event_at: Moment;
    last_event_at: Moment;
  };
  run: {
    run_id: string;
    job_id: string;
    first_event_at: Moment;
    first_event: Buffer;
    last_event_at: Moment;
    state: RunState;
    state_rank: number;
    state_at: Moment;
    state_event: Buffer;
    started_at: ColumnType<Date | null, string | null, string | null>;
  };
  run_dataset: {
    run_id: string;
    dataset_id: string;
    direction: Direction;
    last_event_at: Moment;
  };
  edge: {
    from_id: string;
    to_id: string;
    first_event_at: Moment;
    last_event_at: Moment;
  };
  flow: {
    job_id: string;
    to_id: string;
    from_id: string;
  };
  facet: {
    entity: NodeKind | 'run';
    entity_id: string;
    key: string;
    event_at: Moment;
    event_id: Buffer;
    schema_url: string | null;
    value: ColumnType<unknown, string | null, string | null>;
  };
}

/** The database or a transaction in it. */
export type Db = Kysely<LineageTables> | Transaction<LineageTables>;
