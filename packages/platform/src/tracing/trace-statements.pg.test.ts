import { eventually } from '@spine/testkit/eventually';
import { recordTraces } from '@spine/testkit/record-traces';
import { createTestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createLog } from '../log/create-log.ts';
import { createDatabase } from '../postgres/create-database.ts';
import { withSpan } from './active-span.ts';

test('a statement is a piece of the work that sent it, with its text and none of its values', async () => {
  const home = await createTestDatabase();
  const log = createLog({ service: 'lab', level: 'silent' });
  const database = createDatabase({ url: home.url, schema: 'lab', log });
  const { tracing: make, spans } = recordTraces();
  const tracing = make('lab');
  await tracing.ready;
  try {
    const work = tracing.start('work');
    await withSpan(work, () => sql`select ${'ann@example.org'}::text as mail`.execute(database.kysely));
    work.end();
    await sql`select 1`.execute(database.kysely);
    await tracing.close();
    const [statement, root, ...others] = await eventually(() => {
      expect(spans.length).toBeGreaterThanOrEqual(2);
      return spans;
    });
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      name: 'select',
      parent: root?.id,
      attributes: { 'db.query.text': 'select $1::text as mail' },
    });
  } finally {
    await database.close();
    await home.drop();
  }
});
