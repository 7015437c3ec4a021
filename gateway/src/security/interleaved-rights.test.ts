import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askOver, transports } from '../testing/ask-over.ts';
import { type Fixture, fixtureTokens, linkKinds, startFixture } from '../testing/start-fixture.ts';

describe.each(linkKinds)('two principals with different rights, subgraphs %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind, auth: 'tokens' });
  });
  afterAll(() => fixture.close());

  test('who ask the same at once, a hundred times over, never see the fields of each other', async () => {
    const query =
      'query Same { whoAmI adminOnly datasets { nodes { name rows subject { name versions } } } }';
    // Streams in small numbers: a principal has at most twenty at once.
    const ask = async (index: number, token: string) =>
      await askOver(transports[index % (index < 40 ? 4 : 2)] ?? 'POST', fixture.url, { query }, token);
    const pairs = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        // Neither is always the first.
        n % 2 === 0
          ? Promise.all([ask(n, fixtureTokens.admin), ask(n, fixtureTokens.viewer)])
          : Promise.all([ask(n, fixtureTokens.viewer), ask(n, fixtureTokens.admin)]).then(
              ([viewer, admin]) => [admin, viewer] as const,
            ),
      ),
    );
    for (const [admin, viewer] of pairs) {
      expect(admin).toMatchObject({
        data: { whoAmI: 'user the-admin admin security', adminOnly: 'secret' },
        codes: [],
      });
      expect(viewer).toMatchObject({
        data: { whoAmI: 'user the-viewer viewer', adminOnly: null },
        codes: ['FORBIDDEN'],
      });
      expect(JSON.stringify(viewer)).not.toContain('secret');
    }
  });
});
