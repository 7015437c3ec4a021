import pg from 'pg';

/** `"schema"."table"`, safe in a statement. */
export function quoteTable(table: { readonly schema: string; readonly table: string }): string {
  return `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.table)}`;
}

/** The schema of a qualified type name as format_type() prints it; null for one of pg_catalog. */
export function schemaOfType(typeText: string): string | null {
  const match = /^(?:"((?:[^"]|"")+)"|([^."]+))\.(?:"(?:[^"]|"")+"|[^."]+)$/.exec(typeText);
  if (match === null) return null;
  return match[1]?.replaceAll('""', '"') ?? match[2] ?? null;
}
