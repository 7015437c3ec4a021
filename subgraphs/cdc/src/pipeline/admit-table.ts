import { classify } from '@spine/kernel/residency/classify';
import { decide } from '@spine/kernel/residency/decide';
import { logicalName } from '@spine/kernel/table-ref';
import type { BoundContract } from '../clients/registry.ts';
import { avroSchemaOf } from '../domain/avro-schema.ts';
import { columnTags } from '../domain/column-tags.ts';
import { deliveredTable } from '../domain/delivered-table.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import { sinkDatasetName } from '../domain/endpoint.ts';
import type { LeafDecision } from '../domain/leaf.ts';
import type { Relation } from '../domain/relation.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import type { RouteContext } from './route-context.ts';
import { withAnswer } from './with-answer.ts';

/** A table after contract and gate: what policy says of it, and the shape it would be delivered in. */
export interface AdmittedTable {
  readonly relation: Relation;
  readonly contract: BoundContract;
  readonly decision: LeafDecision;
  readonly decidedUnder: string;
  readonly matrixVersion: number;
  readonly delivered: DeliveredTable | null;
}

/** Binds the table's shape to its subject, then asks the gate. A shape that the registry refuses is an answer, too. */
export async function admitTable(
  context: RouteContext,
  current: CurrentPolicy,
  relation: Relation,
): Promise<AdmittedTable | { readonly refused: string }> {
  const { sourceEndpoint: source, sinkEndpoint: sink, route } = context;
  const subject = logicalName({ source: source.name, schema: relation.schema, table: relation.table });
  const dataset = {
    namespace: source.namespace,
    name: `${source.database}.${relation.schema}.${relation.table}`,
  };
  const classified = classify(current.policy, subject);
  const columns = new Set(relation.columns.map((column) => column.name));
  const tags = Object.fromEntries(
    Object.entries(classified.fields).filter(([field]) => columns.has(field.split('.')[0] ?? field)),
  );
  const schema = avroSchemaOf(relation, source.name);
  const contract = await withAnswer(context, () =>
    context.registry.bind({
      subject,
      dataset,
      schema,
      owner: source.owner,
      route: route.name,
      tags,
      dataClass: classified.dataClass ?? 'unknown',
    }),
  );
  const table = { schema: relation.schema, table: relation.table };
  if ('refused' in contract) {
    const { refused: reason, breaches, requiredVersion } = contract;
    const drift = { ...table, subject, reason, breaches, requiredVersion, proposedSchema: schema };
    await context.memory.openIncident(drift);
    return contract;
  }
  await context.memory.resolveIncident(table.schema, table.table);

  const verdict = decide(current.policy, {
    logicalName: subject,
    fields: relation.columns.map(({ name }) => ({ name, tags: columnTags(name, tags, contract.tags) })),
    source: source.name,
    sink: sink.name,
    at: context.clock.now(),
  });
  const denied = verdict.verdict === 'deny';
  return {
    relation,
    contract,
    decidedUnder: current.digest,
    matrixVersion: current.version,
    decision: {
      dataset,
      logicalName: subject,
      sinkDataset: {
        namespace: sink.namespace,
        name: sinkDatasetName(sink, relation),
      },
      subject,
      schemaVersion: contract.version,
      verdict: verdict.verdict,
      reason: verdict.reason,
      ruleIds: verdict.ruleIds,
      obligations: verdict.obligations,
      dataClass: verdict.dataClass,
      tags: verdict.tags,
      rows: 0,
      rowsWithheld: 0,
    },
    delivered: denied
      ? null
      : deliveredTable(relation, verdict.obligations, context.obligationKey, contract.version),
  };
}
