import { setMaxListeners } from 'node:events';
import { Problem } from '@spine/kernel/problem';
import { makePrincipal } from '@spine/platform/auth/principal';
import { eventually } from '@spine/testkit/eventually';
import { describe, expect, test } from 'vitest';
import { createScriptedLink, lastAsked } from '../testing/scripted-link.ts';
import { createBreaker } from './breaker.ts';
import { ConnectionBroken } from './connection-broken.ts';
import { ownTree } from './own-tree.ts';
import type { SubgraphRequest } from './subgraph-link.ts';
import { withBreaker } from './with-breaker.ts';
import { withRetry } from './with-retry.ts';
import { withSingleFlight } from './with-single-flight.ts';

const ann = makePrincipal({ id: 'ann', kind: 'user', roles: ['viewer'] });
const steward = makePrincipal({ id: 'ann', kind: 'user', roles: ['viewer', 'steward'] });
const request = (over: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  query: '{ datasets { name } }',
  variables: { first: 2 },
  principal: ann,
  requestId: 'r-1',
  ...over,
});
const never = new AbortController().signal;
// Some calls here are never answered, and listen for ever.
setMaxListeners(0, never);
const nobody = (): void => undefined;
const broken = new ConnectionBroken('catalog', new Error('ECONNRESET'));

describe('single flight', () => {
  test('asks once for equal queries under way, and gives each a tree of its own', async () => {
    const link = createScriptedLink();
    let shared = 0;
    const flying = withSingleFlight(link, () => {
      shared += 1;
    });
    const both = [flying.execute(request(), never), flying.execute(request({ requestId: 'r-2' }), never)];
    expect(link.asked).toHaveLength(1);
    lastAsked(link).answer({ data: { datasets: [{ name: 'orders' }] } });
    const [a, b] = await Promise.all(both);
    expect(a).toEqual(b);
    expect(a?.data?.['datasets']).not.toBe(b?.data?.['datasets']);
    expect(shared).toBe(1);
    void flying.execute(request(), never).catch(nobody);
    expect(link.asked).toHaveLength(2);
  });

  test.each([
    ['another role of the same person', { principal: steward }],
    ['another person', { principal: makePrincipal({ id: 'bob', kind: 'user', roles: ['viewer'] }) }],
    [
      'a proof that ends at another time',
      { principal: makePrincipal({ id: 'ann', kind: 'user', roles: ['viewer'], expiresAt: new Date(9e12) }) },
    ],
    ['other variables', { variables: { first: 3 } }],
    ['another operation of the text', { operationName: 'B' }],
    ['another forwarded header', { headers: { 'x-region': 'eu' } }],
    ['a mutation', { query: 'mutation { datasets { name } }' }],
  ])('never shares with %s', (_, over) => {
    const link = createScriptedLink();
    const flying = withSingleFlight(link, nobody);
    void flying.execute(request(over), never).catch(nobody);
    void flying.execute(request(), never).catch(nobody);
    void flying.execute(request(over), never).catch(nobody);
    expect(link.asked).toHaveLength('query' in over ? 3 : 2);
  });

  test('one who leaves takes nobody along, the last one ends the call', async () => {
    const link = createScriptedLink();
    const flying = withSingleFlight(link, nobody);
    const [first, second] = [new AbortController(), new AbortController()];
    const a = flying.execute(request(), first.signal);
    const b = flying.execute(request(), second.signal);
    first.abort(new Error('a left'));
    await expect(a).rejects.toThrow('a left');
    expect(lastAsked(link).signal.aborted).toBe(false);
    second.abort(new Error('b left'));
    await expect(b).rejects.toThrow('b left');
    expect(lastAsked(link).signal.aborted).toBe(true);
    // Whoever comes now does not get the call that was ended.
    const c = flying.execute(request(), never);
    lastAsked(link).answer({ data: { datasets: [] } });
    expect(await c).toEqual({ data: { datasets: [] } });
  });

  test('a failure is everyone’s, and not the next one’s', async () => {
    const link = createScriptedLink();
    const flying = withSingleFlight(link, nobody);
    const both = [flying.execute(request(), never), flying.execute(request(), never)];
    lastAsked(link).fail(broken);
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    void flying.execute(request(), never).catch(nobody);
    expect(link.asked).toHaveLength(2);
  });

  test('a copy of a tree keeps every name, `__proto__` too', () => {
    const tree: unknown = JSON.parse('{"a":[1,null,{"__proto__":{"b":true}}],"c":"d"}');
    expect(JSON.stringify(ownTree(tree))).toBe(JSON.stringify(tree));
  });
});

describe('retry', () => {
  test('sends a query again, once, when its connection broke before any answer', async () => {
    const link = createScriptedLink();
    const answer = withRetry(link, nobody).execute(request(), never);
    lastAsked(link).fail(broken);
    await eventually(() => expect(link.asked).toHaveLength(2));
    lastAsked(link).fail(broken);
    await expect(answer).rejects.toBe(broken);
    expect(link.asked).toHaveLength(2);
  });

  test.each([
    ['a mutation', { query: 'mutation { rename }' }, broken],
    ['an answer that broke off', {}, new Error('other side closed')],
  ])('never sends %s again', async (_, over, error) => {
    const link = createScriptedLink();
    const answer = withRetry(link, nobody).execute(request(over), never);
    lastAsked(link).fail(error);
    await expect(answer).rejects.toBe(error);
    expect(link.asked).toHaveLength(1);
  });

  test('does not outlast its caller', async () => {
    const link = createScriptedLink();
    const caller = new AbortController();
    const answer = withRetry(link, nobody).execute(request(), caller.signal);
    lastAsked(link).fail(broken);
    caller.abort(new Error('late'));
    await expect(answer).rejects.toThrow();
    expect(link.asked).toHaveLength(1);
  });
});

describe('breaker', () => {
  const guarded = () => {
    const link = createScriptedLink();
    let now = 0;
    const breaker = createBreaker(
      { failures: 2, window: 4, openMs: 1_000 },
      { now: () => now, onChange: nobody },
    );
    const call = async (settle: 'answer' | Error, signal = never) => {
      const result = withBreaker(link, breaker, nobody).execute(request(), signal);
      const asked = link.asked.at(-1);
      if (settle === 'answer') asked?.answer({ errors: [{ message: 'no' }] });
      else asked?.fail(settle);
      return await result.catch((error: unknown) => error);
    };
    return {
      link,
      breaker,
      call,
      ready: () => withBreaker(link, breaker, nobody).ready(never),
      wait: (ms: number) => {
        now += ms;
      },
    };
  };

  test('a subgraph that does not answer is left alone, and the refusal says until when', async () => {
    const { link, call } = guarded();
    await call(broken);
    await call(broken);
    expect(await call('answer')).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      fix: 'It is tried again in 1 s.',
    });
    expect(link.asked).toHaveLength(2);
  });

  test('errors of GraphQL, and refusals of what we send, are answers', async () => {
    const { breaker, call } = guarded();
    for (let n = 0; n < 4; n += 1) {
      await call('answer');
      await call(new Problem('SERVICE_UNAVAILABLE', 'no result', { extensions: { peerStatus: 401 } }));
    }
    expect(breaker.state).toBe('closed');
  });

  test('a time that is over counts, a client that left does not', async () => {
    const { breaker, call } = guarded();
    const left = AbortSignal.abort(new DOMException('the client left', 'AbortError'));
    for (let n = 0; n < 4; n += 1) await call(new Error('left'), left);
    expect(breaker.state).toBe('closed');
    const late = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
    for (let n = 0; n < 2; n += 1) await call(new Error('late'), late);
    expect(breaker.state).toBe('open');
  });

  test('a subgraph that says it is ready is tried at once', async () => {
    const { link, breaker, call, ready } = guarded();
    await call(broken);
    await call(broken);
    link.readiness = 'catalog does not answer';
    expect(await ready()).toBe('catalog does not answer; its breaker is open');
    link.readiness = null;
    expect(await ready()).toBeNull();
    expect(breaker.state).toBe('half-open');
    await call('answer');
    expect(breaker.state).toBe('closed');
  });
});
