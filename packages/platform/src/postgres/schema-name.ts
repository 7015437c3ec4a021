import { invariant } from '@spine/kernel/invariant';

/** Holds a Postgres schema name to plain lower case: it travels in connection options, where quoting differs. */
export function assertSchemaName(schema: string): void {
  invariant(/^[a-z_][a-z0-9_]{0,29}$/.test(schema), `schema name ${JSON.stringify(schema)} is not plain`);
}
