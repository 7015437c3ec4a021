import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { AuditStore } from './audit-store.ts';
import { type AuditLogOptions, createAuditLog } from './create-audit-log.ts';
import { createMemoryAuditStore } from './memory-audit-store.ts';

function setUp(options: Partial<AuditLogOptions> = {}) {
  const inner = createMemoryAuditStore();
  const state = { away: false, commits: 0 };
  const store: AuditStore = {
    ...inner,
    async append(records) {
      state.commits += 1;
      await new Promise(setImmediate);
      if (state.away) throw new Error('connect ECONNREFUSED');
      return await inner.append(records);
    },
  };
  const audit = createAuditLog({ store, log: createRecordingLog(), retryMs: 5, ...options });
  const written = async (): Promise<readonly string[]> =>
    (await inner.list({ after: 0n, limit: 100_000 })).map(({ body }) => {
      const { kind, requestId, count } = JSON.parse(body);
      return kind === 'lost' ? `lost ${count}` : requestId;
    });
  return { audit, state, written };
}
const record = (requestId: string) => sampleRecord({ requestId });

test('an append tells its place when it is durable', async () => {
  const { audit } = setUp();
  expect(await audit.append(record('a'))).toBe(1n);
  expect(await audit.append(record('b'))).toBe(2n);
});

test('what comes at once shares a commit', async () => {
  const { audit, state } = setUp();
  const seqs = await Promise.all(Array.from({ length: 100 }, (_, n) => audit.append(record(String(n)))));
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => BigInt(n + 1)));
  expect(state.commits).toBeLessThan(5);
});

test('while the store is away appends are refused, and notes wait for it', async () => {
  const { audit, state, written } = setUp();
  state.away = true;
  audit.note(record('noted'));
  await expect(audit.append(record('refused'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await expect(audit.append(record('refused too'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  state.away = false;
  await eventually(async () => expect(await written()).toEqual(['noted']));
  await audit.append(record('later'));
  expect(await written()).toEqual(['noted', 'later']);
});

test('what finds no room is counted, and the log itself says that it is missing', async () => {
  let lost = 0;
  const { audit, state, written } = setUp({ room: 2, onLost: (count) => (lost += count) });
  state.away = true;
  for (const name of ['a', 'b', 'c', 'd', 'e']) audit.note(record(name));
  await expect(audit.append(record('f'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(lost).toBe(3);
  state.away = false;
  await eventually(async () => expect(await written()).toEqual(['lost 3', 'a', 'b']));
});

test('closing writes what waits, and does not hang on a store that is away', async () => {
  const here = setUp();
  here.audit.note(record('last words'));
  await here.audit.close();
  expect(await here.written()).toEqual(['last words']);
  await expect(here.audit.append(record('too late'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });

  const away = setUp();
  away.state.away = true;
  away.audit.note(record('never'));
  await away.audit.close();
  expect(await away.written()).toEqual([]);
});

test('a store that never answers is no reason to wait for ever', async () => {
  const store: AuditStore = { ...createMemoryAuditStore(), append: () => new Promise(() => undefined) };
  const audit = createAuditLog({ store, log: createRecordingLog(), commitMs: 10 });
  await expect(audit.append(record('a'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await audit.close();
});
