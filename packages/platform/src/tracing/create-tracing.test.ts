import { createServer } from 'node:http';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { inSpan, withSpan } from './active-span.ts';
import { createTracing, noTracing } from './create-tracing.ts';
import { noSpan } from './span.ts';
import { parseTraceparent } from './traceparent.ts';

const remote = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

async function recorded() {
  const exporter = new InMemorySpanExporter();
  // The exporter forgets its spans when it is closed.
  exporter.shutdown = async () => undefined;
  const tracing = createTracing({ service: 'test', url: null, exporter });
  await tracing.ready;
  return {
    tracing,
    async spans() {
      await tracing.close();
      return exporter.getFinishedSpans();
    },
  };
}

test('without a receiver tracing is off, and a span is nothing', async () => {
  const off = createTracing({ service: 'test', url: null });
  expect(off).toBe(noTracing);
  expect(off.start('work')).toBe(noSpan);
  expect(await withSpan(noSpan, () => inSpan('part', async () => 7))).toBe(7);
});

test('work that awaits keeps its place in the trace, and a failure is told by its kind alone', async () => {
  const { tracing, spans } = await recorded();
  const root = tracing.start('root', { kind: 'server', attributes: { route: 'a' } });
  await withSpan(root, async () => {
    await Promise.resolve();
    await inSpan('part', () => inSpan('piece', async () => undefined));
    await inSpan('failing', () => Promise.reject(new TypeError('ann@example.org'))).catch(() => undefined);
  });
  root.end();
  const found = await spans();
  const byName = new Map(found.map((span) => [span.name, span]));
  const parentOf = (name: string) => byName.get(name)?.parentSpanContext?.spanId;
  const idOf = (name: string) => byName.get(name)?.spanContext().spanId;
  expect(found).toHaveLength(4);
  expect(parentOf('part')).toBe(idOf('root'));
  expect(parentOf('piece')).toBe(idOf('part'));
  expect(byName.get('failing')?.attributes).toEqual({ 'error.type': 'TypeError' });
  expect(JSON.stringify(byName.get('failing')?.status)).not.toContain('ann@');
});

test('takes part in the trace of a caller, and hands it on', async () => {
  const { tracing, spans } = await recorded();
  const span = tracing.start('work', { parent: remote });
  expect(span.traceparent).toMatch(new RegExp(`^00-${'a'.repeat(32)}-[0-9a-f]{16}-01$`));
  span.end();
  expect((await spans())[0]?.parentSpanContext?.spanId).toBe('b'.repeat(16));
});

test('a caller who records nothing is followed in that', async () => {
  const { tracing, spans } = await recorded();
  const span = tracing.start('work', { parent: remote.replace(/01$/, '00') });
  expect(span.traceparent).toMatch(/-00$/);
  span.end();
  expect(await spans()).toEqual([]);
});

test.each([
  undefined,
  '',
  'ff',
  remote.replace(/^00/, 'ff'),
  remote.toUpperCase(),
  `${remote}-more`,
  `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
  `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
  ['00'],
])('%j is no traceparent', (text) => {
  expect(parseTraceparent(text)).toBeNull();
});

test('sends spans to an OTLP receiver over HTTP under the name of the service', async () => {
  const bodies: string[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(`${request.url} ${Buffer.concat(chunks)}`);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const tracing = createTracing({ service: 'registry', url: `http://127.0.0.1:${port}` });
  await tracing.ready;
  tracing.start('work').end();
  await tracing.close();
  receiver.close();
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toMatch(/^\/v1\/traces .*"service.name".*"registry".*"work"/);
});
