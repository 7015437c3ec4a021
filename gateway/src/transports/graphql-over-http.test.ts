import { type ServerAuditOptions, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from '../testing/start-fixture.ts';

// The audits of graphql-http, each a rule of the GraphQL-over-HTTP specification, against a whole gateway.
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ kind: 'in process' });
});
afterAll(() => fixture.close());

const audits = (fetchFn: ServerAuditOptions['fetchFn']) =>
  serverAudits({ url: () => `${fixture.url}/graphql`, fetchFn });

/** Says that it is no form of another site: else its GETs would be refused (CSRF). */
const preflighted: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('apollo-require-preflight', 'yes');
  return await fetch(input, { ...init, headers });
};

test('there are 61 audits', () => {
  expect(audits(fetch)).toHaveLength(61);
});

describe('an audit', () => {
  test.each(audits(preflighted).map((audit) => [audit.id, audit.name, audit] as const))(
    '%s: %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      const reason = 'reason' in result ? result.reason : null;
      expect({ status: result.status, reason }).toEqual({ status: 'ok', reason: null });
    },
  );
});

test('of a client that any page could be, nothing but its GETs is refused', async () => {
  const results = await Promise.all(audits(fetch).map(async (audit) => await audit.fn()));
  const refused = results.filter(({ status }) => status !== 'ok');
  expect(refused.every(({ status }) => status === 'notice')).toBe(true);
  expect(refused.map(({ id }) => id).sort()).toEqual(['5A70', '6A70', 'D6D5']);
});
