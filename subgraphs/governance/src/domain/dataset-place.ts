import type { PolicyDocument, PolicySink, PolicySource } from '@spine/kernel/residency/policy-document';
import type { DatasetName } from '@spine/kernel/table-ref';

/** Where a dataset stands by the active matrix, and its name there. */
export interface DatasetPlace {
  readonly kind: 'source' | 'sink';
  readonly endpoint: PolicySource | PolicySink;
  /** `<source or sink>.<schema>.<table>`. */
  readonly logicalName: string;
}

/** Finds a dataset's source or sink by namespace and database; a database that is both is a source first. */
export function placeDataset(
  document: Pick<PolicyDocument, 'sources' | 'sinks'>,
  dataset: DatasetName,
): DatasetPlace | undefined {
  for (const endpoint of document.sources) {
    const rest = restOf(endpoint, dataset);
    if (rest !== undefined) return { kind: 'source', endpoint, logicalName: `${endpoint.name}.${rest}` };
  }
  for (const endpoint of document.sinks) {
    const rest = restOf(endpoint, dataset);
    if (rest !== undefined) return { kind: 'sink', endpoint, logicalName: `${endpoint.name}.${rest}` };
  }
  return undefined;
}

function restOf(
  endpoint: { readonly namespace: string; readonly database?: string },
  { namespace, name }: DatasetName,
): string | undefined {
  if (endpoint.namespace === '' || endpoint.namespace !== namespace) return undefined;
  if (endpoint.database === undefined) return name;
  const prefix = `${endpoint.database}.`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}
