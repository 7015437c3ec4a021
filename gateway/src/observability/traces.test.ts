import { invariant } from '@spine/kernel/invariant';
import { eventually } from '@spine/testkit/eventually';
import { type RecordedSpan, recordTraces } from '@spine/testkit/record-traces';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, linkKinds, startFixture } from '../testing/start-fixture.ts';

const parent = 'b'.repeat(16);
/** A trace of a test's own: spans arrive late, in batches. */
const clientTrace = (digit: string) => ({
  traceId: digit.repeat(32),
  traceparent: `00-${digit.repeat(32)}-${parent}-01`,
});
const joined = 'query Joined { dataset(name: "customers") { rows subject { name } } }';

describe.each(linkKinds)('traces of a gateway whose subgraphs are %s', (kind) => {
  const recorded = recordTraces();
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind, tracing: recorded.tracing });
  });
  afterAll(() => fixture.close());

  /** The spans of a trace, once as many of a name are among them. */
  const spansOf = (traceId: string, name: string, atLeast = 1) =>
    eventually(() => {
      const found = recorded.spans.filter((span) => span.traceId === traceId);
      expect(found.filter((span) => span.name === name).length).toBeGreaterThanOrEqual(atLeast);
      return found;
    });

  test('one trace runs from the client through the gateway into every subgraph', async () => {
    const { traceId, traceparent } = clientTrace('a');
    const { body } = await askGateway(fixture.url, joined, { headers: { traceparent } });
    expect(body.errors).toBeUndefined();
    // The gateway's own, and one of each subgraph.
    const spans = await spansOf(traceId, 'query', 3);
    const root = spans.find(({ service, name }) => service === 'gateway' && name === 'query');
    invariant(root !== undefined, 'the root is recorded');
    expect(root).toMatchObject({
      parent,
      attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Joined' },
    });
    const byId = new Map(spans.map((span) => [span.id, span]));
    const above = (span: RecordedSpan) => (span.parent === undefined ? undefined : byId.get(span.parent));
    const inSubgraphs = spans.filter(({ service, name }) => service !== 'gateway' && name === 'query');
    expect(new Set(inSubgraphs.map(({ service }) => service))).toEqual(new Set(['catalog', 'schemas']));
    for (const span of inSubgraphs) {
      const fetch = above(span);
      expect(fetch).toMatchObject({ name: 'gateway.fetch', attributes: { service: span.service } });
      invariant(fetch !== undefined, 'it has a fetch');
      expect(above(fetch)?.name).toBe('gateway.execute');
    }
    const names = spans.filter(({ service }) => service === 'gateway').map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['gateway.validate', 'gateway.plan', 'gateway.execute', 'gateway.request']),
    );
  });

  test('holds no text of operations unless told to, and no value', async () => {
    const { traceId, traceparent } = clientTrace('c');
    await askGateway(fixture.url, 'query($t: String!) { echo(text: $t) }', {
      variables: { t: 'ann@example.org' },
      headers: { traceparent },
    });
    const spans = await spansOf(traceId, 'query', 2);
    expect(JSON.stringify(spans)).not.toMatch(/echo|ann@/);
  });

  test('an operation over a socket carries its trace in extensions, a stream too', async () => {
    const { traceId, traceparent } = clientTrace('d');
    const client = createClient({
      url: `${fixture.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const answers: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscribe(
        { query: 'subscription { ticks(upTo: 2) }', extensions: { traceparent } },
        { next: (answer) => answers.push(answer), error: reject, complete: resolve },
      );
    });
    await client.dispose();
    expect(answers).toHaveLength(2);
    const metrics = await (await fetch(`${fixture.url}/metrics`)).text();
    expect(metrics).toMatch(/^spine_subscription_lag_seconds_count\{.*\} 2$/m);
    // Each event is a span, and over HTTP the subgraph's opening of the stream is one.
    const spans = await spansOf(traceId, 'subscription', kind === 'http' ? 3 : 2);
    const services = spans.map(({ service }) => service);
    expect(services.includes('watch')).toBe(kind === 'http');
  });
});
