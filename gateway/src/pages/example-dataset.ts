import type { Executor } from '../execution/create-executor.ts';
import { isRefused, type PrepareOperation } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { isRecord } from '../links/is-record.ts';

/** The key of a dataset. */
export interface DatasetKey {
  readonly namespace: string;
  readonly name: string;
}

const query = 'query Datasets { datasets(first: 100) { nodes { namespace name subject { name } } } }';

/** A dataset to show in examples: the first that has a schema, else the first; null while there is none. */
export async function findExampleDataset(
  prepare: PrepareOperation,
  execute: Executor,
  context: RequestContext,
): Promise<DatasetKey | null> {
  const operation = prepare({ query });
  if (isRefused(operation)) return null;
  const { data } = await execute(operation, context);
  const datasets = isRecord(data) ? data['datasets'] : undefined;
  const nodes = isRecord(datasets) ? datasets['nodes'] : undefined;
  const keys = (Array.isArray(nodes) ? nodes : []).flatMap((node: unknown) => {
    if (!isRecord(node)) return [];
    const { namespace, name, subject } = node;
    if (typeof namespace !== 'string' || typeof name !== 'string') return [];
    return [{ key: { namespace, name }, known: isRecord(subject) }];
  });
  return (keys.find(({ known }) => known) ?? keys[0])?.key ?? null;
}
