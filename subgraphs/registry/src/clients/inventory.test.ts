import { Problem } from '@spine/kernel/problem';
import type { Answer, ServiceClient } from '@spine/platform/http/service-client';
import { expect, test } from 'vitest';
import { createInventory } from './inventory.ts';

const document = {
  regions: [],
  sources: [],
  sinks: [],
  classification: [
    { dataset: 'shop.public.*', class: 'internal' },
    { dataset: 'shop.public.customers', class: 'confidential', fields: { email: ['pii'] } },
  ],
  residency: { rules: [], exceptions: [] },
};

/** A governance that answers what it is told to, and remembers what it was asked. */
function governance() {
  const asked: (string | undefined)[] = [];
  let say = (): Answer => bundle('"1-a"');
  const never = () => Promise.reject(new Error('not asked in this way'));
  const http: ServiceClient = {
    get: never,
    post: never,
    put: never,
    async call(_method, _path, _body, options) {
      asked.push(options?.headers?.['if-none-match']);
      return say();
    },
    close: async () => {},
  };
  return {
    http,
    asked,
    says(answer: () => Answer) {
      say = answer;
    },
  };
}

const bundle = (etag: string): Answer => ({
  status: 200,
  headers: { etag },
  body: { maxAgeMs: 30_000, document },
});
const away = (): Answer => {
  throw new Problem('SERVICE_UNAVAILABLE', 'away');
};

function setup() {
  const peer = governance();
  let now = 0;
  const inventory = createInventory(peer.http, { now: () => new Date(now) });
  return { peer, inventory, later: (ms: number) => (now += ms) };
}

test('the most specific entry says what is demanded; of what it does not know nothing is', async () => {
  const { inventory } = setup();
  expect(await inventory.demandOf('shop.public.customers')).toEqual({
    dataClass: 'confidential',
    tags: { email: ['pii'] },
  });
  expect(await inventory.demandOf('shop.public.orders')).toEqual({ dataClass: 'internal', tags: {} });
  expect(await inventory.demandOf('elsewhere.orders')).toBeUndefined();
});

test('an answer is taken for a while, then confirmed by its tag', async () => {
  const { inventory, peer, later } = setup();
  await inventory.demandOf('a.b.c');
  await inventory.demandOf('a.b.c');
  later(6_000);
  peer.says(() => ({ status: 304, headers: {}, body: undefined }));
  expect(await inventory.demandOf('shop.public.orders')).toBeDefined();
  expect(peer.asked).toEqual([undefined, '"1-a"']);
});

test('while governance is away its last word holds as long as it does for a worker', async () => {
  const { inventory, peer, later } = setup();
  await inventory.demandOf('a.b.c');
  peer.says(away);
  later(29_000);
  expect(await inventory.demandOf('shop.public.orders')).toBeDefined();
  later(2_000);
  await expect(inventory.demandOf('shop.public.orders')).rejects.toThrow(
    expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
  );
});

test('who was never answered cannot say what is demanded', async () => {
  const { inventory, peer } = setup();
  peer.says(away);
  await expect(inventory.demandOf('shop.public.orders')).rejects.toThrow(/away/);
});

test('without an active matrix nothing is demanded', async () => {
  const { inventory, peer } = setup();
  peer.says(() => {
    throw new Problem('NOT_FOUND', 'no matrix version is active');
  });
  expect(await inventory.demandOf('shop.public.customers')).toBeUndefined();
});
