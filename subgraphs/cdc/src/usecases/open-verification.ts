import { Problem } from '@spine/kernel/problem';
import { classify } from '@spine/kernel/residency/classify';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { decide } from '@spine/kernel/residency/decide';
import { logicalName } from '@spine/kernel/table-ref';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { GovernanceClient } from '../clients/governance.ts';
import type { RegistryClient } from '../clients/registry.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { readCheckpoint } from '../clients/verify/read-checkpoint.ts';
import { avroFieldNames } from '../domain/avro-name.ts';
import { columnTags } from '../domain/column-tags.ts';
import { deliveredTable } from '../domain/delivered-table.ts';
import { tableKey } from '../domain/relation.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listSinks, listSources } from '../store/endpoints.ts';
import { listTables } from '../store/route-tables.ts';
import { findRoute } from '../store/routes.ts';
import { isComparable, type VerifyInput } from './verify-route.ts';

export interface VerificationDeps {
  readonly database: Database<CdcTables>;
  readonly resolver: ReferenceResolver;
  readonly governance: Pick<GovernanceClient, 'bundle'>;
  readonly registry: Pick<RegistryClient, 'tagsOf'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Verification {
  readonly input: VerifyInput;
  /** Tables that are not compared, and the state that is why. */
  readonly skipped: readonly { readonly table: string; readonly state: string }[];
  close(): Promise<void>;
}

/**
 * Finds what is to be compared with what: the tables of a route as they stand at the source, in the shape in which policy lets
 * them leave now. Throws ROUTE_NOT_FOUND, or INPUT_INVALID for a table that the route does not have.
 */
export async function openVerification(
  deps: VerificationDeps,
  name: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  const { database, resolver, governance, registry, clock, log } = deps;
  const db = database.kysely;
  const route = await findRoute(db, name);
  const source = (await listSources(db)).find((each) => each.name === route?.source);
  const sink = (await listSinks(db)).find((each) => each.name === route?.sink);
  if (route === undefined || source === undefined || sink === undefined) {
    throw new Problem('ROUTE_NOT_FOUND', `there is no route ${name}`, {
      fix: '`spine status` lists the routes.',
    });
  }
  if (sink.type === 'kafka') {
    throw new Problem(
      'INPUT_INVALID',
      `the sink of ${name} is Kafka: topics hold changes, not the rows to compare`,
      {
        fix: 'Compare what a consumer of committed records has made of the topics.',
      },
    );
  }
  const [sourceUrl, sinkUrl] = [resolver.url(source.url), resolver.url(sink.url)];
  const key = route.obligationKey === null ? null : resolver.key(route.obligationKey);
  const policy = compilePolicy((await governance.bundle()).document);
  const reader = createPostgresSource({
    url: sourceUrl,
    route: name,
    slotName: slotName(name),
    publicationName: publicationName(name),
    log,
    clock,
    heartbeatMs: 0,
  });
  const catalog = await reader.listTables(route.tables).finally(() => reader.close());
  assertKnown(
    name,
    wanted,
    catalog.map(({ relation }) => tableKey(relation)),
  );

  const states = new Map((await listTables(db, [name])).map((table) => [tableKey(table), table.state]));
  const tables: VerifyInput['tables'][number][] = [];
  const skipped: Verification['skipped'][number][] = [];
  for (const { relation, estimatedRows } of catalog) {
    const table = tableKey(relation);
    if (wanted.length > 0 && !wanted.includes(table)) continue;
    const state = states.get(table);
    const logical = logicalName({ source: source.name, schema: relation.schema, table: relation.table });
    const { fields } = classify(policy, logical);
    const known = await registry.tagsOf(logical);
    const names = avroFieldNames(relation.columns.map(({ name }) => name));
    const verdict = decide(policy, {
      logicalName: logical,
      fields: relation.columns.map(({ name }, index) => ({
        name,
        tags: [...columnTags(name, fields), ...columnTags(names[index] ?? name, known)],
      })),
      source: source.name,
      sink: sink.name,
      at: clock.now(),
    });
    if (verdict.verdict === 'deny' || !isComparable(relation, state)) {
      skipped.push({ table, state: state ?? 'pending' });
      continue;
    }
    tables.push({ delivered: deliveredTable(relation, verdict.obligations, key, 0), estimatedRows });
  }
  const checkpoint = readCheckpoint(sinkUrl, name);
  return {
    input: { route: name, sourceUrl, sinkUrl, tables, checkpoint: checkpoint.read, clock, signal },
    skipped,
    close: checkpoint.close,
  };
}

function assertKnown(route: string, wanted: readonly string[], known: readonly string[]): void {
  const missing = wanted.filter((table) => !known.includes(table));
  if (missing.length === 0) return;
  throw new Problem('INPUT_INVALID', `route ${route} has no table ${missing.join(', ')}`, {
    fix: `Its tables are ${known.join(', ')}.`,
    path: '/tables',
  });
}
