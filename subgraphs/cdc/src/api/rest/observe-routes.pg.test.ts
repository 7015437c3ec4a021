import { parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createMetrics } from '@spine/platform/metrics/create-metrics';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase } from '@spine/testkit/test-database';
import { expect, test } from 'vitest';
import { aRelation } from '../../domain/relation-builder.ts';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { deadLetterBox } from '../../store/dead-letters.ts';
import { cdcMigrations } from '../../store/migrations.ts';
import { putRoute } from '../../store/routes.ts';
import { observeRoutes } from './observe-routes.ts';

test('the first scrape tells already where a route stands, and what it has set aside', async () => {
  const pg = await createTestDatabase();
  const database = createDatabase<CdcTables>({ url: pg.url, schema: 'cdc', log: createRecordingLog() });
  try {
    await migrate(database, cdcMigrations);
    await putRoute(database.kysely, {
      name: 'shop-to-warehouse',
      source: 'shop',
      sink: 'warehouse',
      tables: ['public.*'],
      owner: 'a',
      obligationKey: null,
    });
    await deadLetterBox(database.kysely, 'shop-to-warehouse').park([
      {
        relation: aRelation(),
        commitLsn: parseLsn('0/10'),
        ordinal: 0,
        state: 'failed',
        reason: 'refused',
        keys: [],
        payload: Buffer.from('x'),
      },
    ]);
    const metrics = createMetrics('cdc');
    observeRoutes(metrics, database, systemClock);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(
      /^spine_cdc_dead_letters\{(?=.*route="shop-to-warehouse")(?=.*state="failed").*\} 1$/m,
    );
    expect(text).toMatch(/^spine_cdc_dead_letters\{(?=.*state="parked").*\} 0$/m);
    expect(text).toMatch(/^spine_cdc_route_state\{(?=.*route="shop-to-warehouse").*\} 1$/m);
  } finally {
    await database.close();
    await pg.drop();
  }
});
