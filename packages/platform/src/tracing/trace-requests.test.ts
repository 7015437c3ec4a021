import { eventually } from '@spine/testkit/eventually';
import { type RecordedSpan, recordTraces } from '@spine/testkit/record-traces';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticator } from '../auth/authenticate.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import { listen } from '../http/listen.ts';
import { createServiceClient } from '../http/service-client.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { inSpan } from './active-span.ts';

const secret = 'a secret of thirty-two characters';
const recorded = recordTraces();
const closers: (() => Promise<unknown>)[] = [];
let front: ReturnType<typeof createServiceClient>;

beforeAll(async () => {
  const serve = async (name: string, add: (app: ReturnType<typeof createHttpServer>) => void) => {
    const tracing = recorded.tracing(name);
    await tracing.ready;
    const app = createHttpServer({
      name,
      log: createLog({ service: name, level: 'silent' }),
      metrics: createMetrics(name),
      authenticator: createAuthenticator({ tokens: [], serviceSecret: secret }),
      readiness: {},
      tracing,
    });
    add(app);
    const baseUrl = await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'tokens' });
    const client = createServiceClient({ baseUrl, service: 'cdc', secret });
    closers.push(
      () => client.close(),
      () => app.close(),
      () => tracing.close(),
    );
    return client;
  };
  const back = await serve('back', (app) => {
    app.post('/things/:id', async () => ({}));
    app.get('/broken', async () => {
      throw new Error('ann@example.org');
    });
  });
  front = await serve('front', (app) => {
    app.post('/ask', (request) => inSpan('work', () => back.post('/things/7', request.body)));
    app.get('/fail', () => back.get('/broken'));
  });
});
afterAll(async () => {
  for (const close of closers) await close();
});

const traceOf = (digit: string) => `00-${digit.repeat(32)}-${'b'.repeat(16)}-01`;
const spansOf = (digit: string, count: number) =>
  eventually(() => {
    const found = recorded.spans.filter(({ traceId }) => traceId === digit.repeat(32));
    expect(found).toHaveLength(count);
    return found;
  });

test('a request, the work of its handler, a call of another service and what that does are one trace', async () => {
  await front.post('/ask', { a: 1 }, { headers: { traceparent: traceOf('a') } });
  const spans = await spansOf('a', 4);
  const byId = new Map(spans.map((span) => [span.id, span]));
  const way: string[] = [];
  let span: RecordedSpan | undefined = spans.find(({ service }) => service === 'back');
  while (span !== undefined) {
    way.push(`${span.service}: ${span.name}`);
    span = span.parent === undefined ? undefined : byId.get(span.parent);
  }
  // The pattern of a route is its name: paths hold names of things, and would be a series each.
  expect(way).toEqual(['back: POST /things/:id', 'front: POST', 'front: work', 'front: POST /ask']);
});

test('a failure is told on every span that it passes, without what it said', async () => {
  await front.get('/fail', { headers: { traceparent: traceOf('c') } }).catch(() => undefined);
  const spans = await spansOf('c', 3);
  expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(
    expect.arrayContaining(['INTERNAL', '500']),
  );
  expect(JSON.stringify(spans)).not.toContain('ann@');
});

test('what machines ask every few seconds is in no trace', async () => {
  await front.get('/livez', { headers: { traceparent: traceOf('d') } });
  await front.post('/ask', {}, { headers: { traceparent: traceOf('e') } });
  await spansOf('e', 4);
  await spansOf('d', 0);
});
