/** A dataset by the OpenLineage naming rules: `postgres://host:port` and `database.schema.table`. */
export interface DatasetName {
  readonly namespace: string;
  readonly name: string;
}

/** A table of a source. */
export interface TableRef {
  readonly source: string;
  readonly schema: string;
  readonly table: string;
}

/** `<source>.<schema>.<table>`: the table's subject, and its name in spine.yaml. */
export function logicalName(ref: TableRef): string {
  return `${ref.source}.${ref.schema}.${ref.table}`;
}
