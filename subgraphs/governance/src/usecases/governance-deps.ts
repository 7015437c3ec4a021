import type { Clock } from '@spine/platform/clock';
import type { Database } from '@spine/platform/postgres/create-database';
import type { GovernanceTables } from '../store/governance-tables.ts';
import type { MatrixReader } from './matrix-reader.ts';

/** What the use cases of governance work with. */
export interface GovernanceDeps {
  readonly database: Database<GovernanceTables>;
  readonly matrices: MatrixReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: () => string;
  /** No authentication is configured: a changed matrix is signed as `dev` at once, and the record says so. */
  readonly devMode: boolean;
}
