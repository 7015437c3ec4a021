import 'reflect-metadata';
import { Ctx, Query, Resolver } from 'type-graphql';
import { expect, test } from 'vitest';
import { makePrincipal } from '../auth/principal.ts';
import { buildSubgraph } from '../graphql/build-subgraph.ts';
import type { GraphContext } from '../graphql/context.ts';
import { createLog } from '../log/create-log.ts';
import { createServiceHost, type HostConfig } from './create-service-host.ts';

interface LabContext extends GraphContext {
  readonly greeting: string;
}

@Resolver()
class GreetingResolver {
  @Query(() => String)
  greeting(@Ctx() context: LabContext): string {
    return `${context.greeting}, ${context.principal.id}`;
  }
}

const config: HostConfig = {
  host: '127.0.0.1',
  port: 0,
  serviceSecret: 'a secret of thirty-two characters',
  tokensFile: null,
  logLevel: 'debug',
};

function hostOf(lines: string[] = []) {
  const log = createLog({ service: 'lab', level: 'debug', write: (line) => lines.push(line) });
  return createServiceHost({ name: 'lab', config, log });
}

async function greetings(host: ReturnType<typeof hostOf>) {
  return host.finish({
    subgraph: await buildSubgraph({ name: 'lab', resolvers: [GreetingResolver] }),
    createContext: (base): LabContext => ({ ...base, greeting: 'Good day' }),
  });
}

test('a service answers its routes, its graph and its probes at the address it tells, and says that it is in dev mode', async () => {
  const lines: string[] = [];
  const host = hostOf(lines);
  host.app.get('/things', async () => ['a']);
  host.probe('database', () => undefined);
  const service = await greetings(host);
  expect(() => service.address()).toThrow('does not listen yet');
  await service.listen();
  const read = async (path: string): Promise<unknown> => (await fetch(`${service.address()}${path}`)).json();
  expect(await read('/things')).toEqual(['a']);
  expect(await read('/readyz')).toEqual({ status: 'ready', probes: ['database'] });
  const graph = await fetch(`${service.address()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ greeting }' }),
  });
  expect(await graph.json()).toEqual({ data: { greeting: 'Good day, dev' } });
  expect(lines.join('')).toContain('auth.dev_mode');
  await service.close();
});

test('a gateway in the same process gets the context that a request over HTTP would have', async () => {
  const service = await greetings(hostOf());
  const vera = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'] });
  expect(service.contextFor(vera, 'r1')).toMatchObject({
    principal: vera,
    requestId: 'r1',
    greeting: 'Good day',
  });
  await service.close();
});

test('closing stops the server first, then what was opened, the last first, and does so once', async () => {
  const host = hostOf();
  const done: string[] = [];
  host.app.addHook('onClose', async () => {
    done.push('server');
  });
  host.defer(() => done.push('database'));
  host.defer(() => done.push('stream'));
  const service = await host.finish();
  host.defer(() => done.push('workers'));
  await Promise.all([service.close(), service.close(), host.close()]);
  expect(done).toEqual(['server', 'workers', 'stream', 'database']);
});

test('a busy port names the variable of this service', async () => {
  const first = await hostOf().finish();
  await first.listen();
  const port = Number(new URL(first.address()).port);
  const log = createLog({ service: 'lab', level: 'silent' });
  const second = await createServiceHost({ name: 'registry', config: { ...config, port }, log }).finish();
  await expect(second.listen()).rejects.toMatchObject({
    code: 'PORT_BUSY',
    fix: expect.stringContaining('SPINE_REGISTRY_PORT'),
  });
  await second.close();
  await first.close();
});

test('loaders live as long as one request', async () => {
  const service = await hostOf().finish();
  const vera = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'] });
  const one = service.contextFor(vera, 'r1').loaders;
  const made = one.get('things', () => ({ loaded: 0 }));
  expect(one.get('things', () => ({ loaded: 1 }))).toBe(made);
  expect(service.contextFor(vera, 'r2').loaders.get('things', () => ({ loaded: 2 }))).not.toBe(made);
  await service.close();
});
