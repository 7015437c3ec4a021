/** The topic of a table in a sink whose topics begin with `prefix`. */
export function topicName(
  prefix: string,
  table: { readonly schema: string; readonly table: string },
): string {
  return `${prefix}${table.schema}.${table.table}`;
}

/** Whether Kafka has topics of this name (Topic.validate of Kafka's clients). */
export function isTopicName(name: string): boolean {
  return /^[A-Za-z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}
