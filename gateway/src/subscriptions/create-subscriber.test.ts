import type { Role } from '@spine/kernel/role';
import { makePrincipal, type Principal } from '@spine/platform/auth/principal';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlanStore } from '../execution/plan-store.ts';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from '../testing/compose.ts';
import { createStreamLink } from '../testing/stream-link.ts';
import { createSubscriber } from './create-subscriber.ts';

const sdl = (extra = '') => `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Cursor
  type Query { none: Int }
  type Subscription { changes(after: Cursor, kind: String): ChangeItem!, ticks: Int! }
  interface ChangeItem { cursor: Cursor! }
  type Changed implements ChangeItem { cursor: Cursor!, n: Int! ${extra} }
  type StreamHeartbeat implements ChangeItem { cursor: Cursor! }
  type StreamGap implements ChangeItem { cursor: Cursor!, fromCursor: Cursor!, missed: Float, reason: String! }
`;
const graphOf = (text: string) => createGraph(compose([{ name: 'watch', sdl: text }]));
const first = graphOf(sdl());

const query = `subscription Changes($after: Cursor, $kind: String) {
  changes(after: $after, kind: $kind) { __typename where: cursor ... on Changed { n } ... on StreamGap { missed reason } }
}`;

function person(roles: readonly Role[] = ['viewer'], id = 'ada', expiresAt: Date | null = null): Principal {
  return makePrincipal({ id, kind: 'user', roles, expiresAt });
}

describe('a subscriber', () => {
  const leaving = new AbortController();
  let stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops) stop();
    stops = [];
  });

  function start() {
    const graphs = createGraphSource(first);
    const link = createStreamLink('watch');
    const prepare = createPrepareOperation({ graphs, rules: [], maxTokens: 1_000 });
    const subscribe = createSubscriber({
      plans: createPlanStore(),
      links: new Map([[link.name, link]]),
      log: createRecordingLog(),
      fetchTimeoutMs: 1_000,
      policy: { firstMs: 1, mostMs: 2, giveUpFirstMs: 100, giveUpMs: 1_000 },
      graphs,
      renew: prepare,
      swapSpreadMs: 5,
    });

    interface Asked {
      readonly principal?: Principal;
      readonly variables?: Readonly<Record<string, unknown>>;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
    function follow({ principal = person(), variables = {}, text = query, headers }: Asked = {}) {
      const operation = prepare({ query: text, variables });
      if (isRefused(operation)) throw new Error(operation[0]?.message);
      const changes = new Set<() => void>();
      let present = principal;
      const subscription = subscribe(
        operation,
        { principal, requestId: 'r', signal: leaving.signal, headers },
        {
          identity: {
            principal: () => present,
            onChange(listener) {
              changes.add(listener);
              return () => void changes.delete(listener);
            },
          },
        },
      );
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent
      const got: any[] = [];
      let ended = false;
      void (async () => {
        for await (const { text: sent } of subscription) got.push(JSON.parse(sent));
        ended = true;
      })();
      stops.push(() => void subscription.return?.());
      return {
        got,
        ns: () => got.flatMap(({ data }) => data?.changes?.n ?? []),
        ended: () => ended,
        leave: () => subscription.return?.(),
        farewell: () => JSON.parse(subscription.farewell().text),
        become(next: Principal) {
          present = next;
          for (const listener of [...changes]) listener();
        },
        listeners: () => changes.size,
      };
    }
    return { link, graphs, follow };
  }

  const begun = (...followers: readonly { readonly got: readonly unknown[] }[]) =>
    eventually(() => expect(followers.every(({ got }) => got.length > 0)).toBe(true));

  test('clients with the same rights and variables share one upstream, wherever they begin', async () => {
    const { link, follow } = start();
    const one = follow();
    await begun(one);
    link.append(3);
    await eventually(() => expect(one.ns()).toEqual([1, 2, 3]));
    const two = follow({ principal: person(['viewer'], 'grace'), variables: { after: 'c1' } });
    await eventually(() => expect(two.ns()).toEqual([2, 3]));
    expect(link.open()).toBe(1);
    link.append();
    await eventually(() => expect([...one.ns(), ...two.ns()]).toEqual([1, 2, 3, 4, 2, 3, 4]));
  });

  test.each([
    ['other roles', { principal: person(['operator']) }],
    [
      'other functions',
      { principal: makePrincipal({ id: 'a', kind: 'user', roles: ['viewer'], functions: ['security'] }) },
    ],
    ['another kind', { principal: makePrincipal({ id: 'ada', kind: 'service', roles: ['viewer'] }) }],
    ['other variables', { variables: { kind: 'x' } }],
    ['another text', { text: `${query} ` }],
    ['another forwarded header', { headers: { 'accept-language': 'de' } }],
  ])('one with %s has an upstream of its own', async (_, other) => {
    const { link, follow } = start();
    const one = follow();
    const two = follow(other);
    await begun(one, two);
    expect(link.open()).toBe(2);
  });

  test('the upstream closes when the last client leaves, not before, and goes on for those who stay', async () => {
    const { link, follow } = start();
    const one = follow({ principal: person(['viewer'], 'ada') });
    const two = follow({ principal: person(['viewer'], 'grace') });
    await begun(one, two);
    await one.leave();
    // A break now: it is opened again on behalf of one who is still there.
    link.refuse('SERVICE_UNAVAILABLE');
    link.append();
    await eventually(() => expect(two.ns()).toEqual([1]));
    expect(link.asked.at(-1)?.principal.id).toBe('grace');
    await two.leave();
    await eventually(() => expect(link.open()).toBe(0));
  });

  test('a swap of the graph leaves a client where it is: the next event comes from the new plan', async () => {
    const { link, graphs, follow } = start();
    const followers = [follow(), follow(), follow({ variables: { after: 'c0' } })];
    await begun(...followers.slice(0, 2));
    link.append(2);
    await eventually(() => expect(followers.every(({ ns }) => ns().length === 2)).toBe(true));
    const before = link.asked.length;
    graphs.swap(graphOf(sdl(', more: Int')));
    link.append(1);
    await eventually(() => expect(link.asked.length).toBeGreaterThan(before));
    await new Promise((resolve) => setTimeout(resolve, 10));
    link.append(1);
    await eventually(() =>
      expect(followers.map(({ ns }) => ns())).toEqual([1, 2, 3].map(() => [1, 2, 3, 4])),
    );
    expect(link.asked.at(-1)?.variables['_spineAfter']).toMatch(/^c[23]$/);
    await eventually(() => expect(link.open()).toBe(1));
    expect(followers.some(({ ended }) => ended())).toBe(false);
  });

  test('an operation that the new graph does not know ends with the reason', async () => {
    const { graphs, follow } = start();
    const one = follow();
    await begun(one);
    graphs.swap(graphOf(sdl().replace('n: Int!', 'm: Int!')));
    await eventually(() => expect(one.ended()).toBe(true));
    expect(one.got.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });

  test('a client whose rights change goes on with those that it has now, or is told', async () => {
    const { link, follow } = start();
    const one = follow();
    const two = follow();
    await begun(one, two);
    link.refuseIf(({ principal }) => principal.roles.includes('publisher'));
    link.append();
    await eventually(() => expect([...one.ns(), ...two.ns()]).toEqual([1, 1]));
    one.become(person(['publisher']));
    two.become(person(['operator']));
    await eventually(() => expect(one.ended()).toBe(true));
    expect(one.got.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    link.append();
    await eventually(() => expect(two.ns()).toEqual([1, 2]));
    expect(link.asked.at(-1)).toMatchObject({
      principal: { roles: ['operator'] },
      variables: { _spineAfter: 'c1' },
    });
    expect(one.listeners()).toBe(0);
  });

  test('when the proof of one ends, those who share its upstream go on by a proof that holds', async () => {
    const { link, follow } = start();
    const soon = new Date(Date.now() + 60_000);
    const one = follow({ principal: person(['viewer'], 'ada', soon) });
    await begun(one);
    const two = follow({ principal: person(['viewer'], 'grace', new Date(Date.now() + 3_600_000)) });
    await begun(two);
    expect(link.open()).toBe(1);
    link.refuse('UNAUTHENTICATED');
    link.append();
    await eventually(() => expect(two.ns()).toEqual([1]));
    expect(link.asked.at(-1)?.principal.id).toBe('grace');
    // Now there is no better one.
    link.refuse('UNAUTHENTICATED');
    await eventually(() => expect(two.ended()).toBe(true));
  });

  test('a client that stalls is told by a gap where to go on, in its own words', async () => {
    const { link, follow } = start();
    const one = follow();
    await begun(one);
    link.append(2);
    await eventually(() => expect(one.ns()).toHaveLength(2));
    expect(one.farewell()).toEqual({
      data: { changes: { __typename: 'StreamGap', where: 'c2', missed: 0, reason: 'SLOW_CONSUMER' } },
    });
  });

  test('one whose stream has no cursors is told by an error', () => {
    const { follow } = start();
    expect(follow({ text: 'subscription { ticks }' }).farewell()).toMatchObject({
      errors: [{ extensions: { code: 'SLOW_CONSUMER', cursor: null } }],
    });
  });
});
