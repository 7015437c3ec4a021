import { describe, expect, test } from 'vitest';
import { createSpineClient } from './create-spine-client.ts';
import { LedgerHeadDocument, RoutesDocument, ViolationsDocument } from './generated/operations.ts';
import { SpineError } from './spine-error.ts';

const url = 'http://gateway.test/graphql';
const head = { ledgerHead: { seq: 7, hash: 'abc', at: null } };

/** A gateway that answers everything with one thing, and remembers what it was asked. */
function answering(body: string, status = 200, type = 'application/graphql-response+json') {
  const asked: { readonly headers: Headers; readonly body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    asked.push({ headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) });
    return new Response(body, { status, headers: { 'content-type': type } });
  };
  return { asked, fetch };
}

const refused = (code: string) => ({
  message: `refused: ${code}`,
  path: ['ledgerHead'],
  extensions: { code, requestId: 'r-1' },
});

describe('a query', () => {
  test('sends its text, its variables and the token of the moment, and gives the data', async () => {
    const { asked, fetch } = answering(JSON.stringify({ data: head }));
    let tokens = 0;
    const token = () => {
      tokens += 1;
      return `token-${tokens}`;
    };
    const client = createSpineClient({ url, fetch, token });
    expect(await client.query(LedgerHeadDocument)).toEqual(head);
    await client.query(RoutesDocument, { first: 5 });
    expect(asked.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(asked[1]?.body).toEqual({ query: RoutesDocument.toString(), variables: { first: 5 } });
  });

  test('sends the id in place of the text, to a gateway that trusts no others', async () => {
    const { asked, fetch } = answering(JSON.stringify({ data: head }));
    await createSpineClient({ url, fetch, documents: 'id' }).query(LedgerHeadDocument);
    expect(asked[0]?.body).toEqual({ documentId: LedgerHeadDocument.id, variables: {} });
  });

  test('throws the code and the request id of an error, with the data that came in spite of it', async () => {
    const { fetch } = answering(JSON.stringify({ data: head, errors: [refused('TIMEOUT'), refused('X')] }));
    const error = await createSpineClient({ url, fetch }).query(LedgerHeadDocument).catch(String);
    expect(error).toBe('SpineError: refused: TIMEOUT (and 1 more)');
    await expect(createSpineClient({ url, fetch }).query(LedgerHeadDocument)).rejects.toMatchObject({
      code: 'TIMEOUT',
      requestId: 'r-1',
      data: head,
      status: 200,
    });
  });

  test.each([
    ['a page of a proxy', '<html>bad gateway</html>', 502],
    ['nothing', '', 500],
    ['JSON that is no answer', '{"hello": 1}', 200],
    ['a list', '[]', 200],
    ['null', 'null', 200],
  ])('that is answered by %s throws SERVICE_UNAVAILABLE with the status', async (_, body, status) => {
    const { fetch } = answering(body, status);
    await expect(createSpineClient({ url, fetch }).query(LedgerHeadDocument)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      status,
    });
  });

  test('throws SERVICE_UNAVAILABLE when nobody answers, and keeps the cause', async () => {
    const cause = new TypeError('fetch failed');
    const client = createSpineClient({ url, fetch: async () => Promise.reject(cause) });
    await expect(client.query(LedgerHeadDocument)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      cause,
    });
  });

  test('ends in time when the answer never comes, and at once when it is given up', async () => {
    const fetch: typeof globalThis.fetch = (_url, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const late = createSpineClient({ url, fetch, timeoutMs: 10 }).query(LedgerHeadDocument);
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    const leave = new AbortController();
    const left = createSpineClient({ url, fetch }).query(LedgerHeadDocument, {}, { signal: leave.signal });
    leave.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
  });
});

describe('a subscription over server-sent events', () => {
  const event = (result: object) => `event: next\ndata: ${JSON.stringify(result)}\n\n`;
  const beat = { violations: { __typename: 'StreamHeartbeat', cursor: 'c1' } };
  const read = async (body: string) => {
    const { fetch } = answering(body, 200, 'text/event-stream');
    const items: unknown[] = [];
    try {
      const client = createSpineClient({ url, fetch, webSocket: false });
      for await (const item of client.subscribe(ViolationsDocument)) items.push(item);
    } catch (error) {
      return { items, error };
    }
    return { items, error: null };
  };

  test('gives its items, and throws when the connection breaks', async () => {
    const { items, error } = await read(event({ data: beat }) + event({ data: beat }));
    expect(items).toEqual([beat, beat]);
    expect(error).toBeInstanceOf(SpineError);
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test('that is refused throws why', async () => {
    const { items, error } = await read(event({ errors: [refused('FORBIDDEN')] }));
    expect(items).toEqual([]);
    expect(error).toMatchObject({ code: 'FORBIDDEN', requestId: 'r-1' });
  });
});
