import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@spine/testkit/eventually';
import { findBrowser } from '@spine/testkit/find-browser';
import { openBrowser, type WatchedBrowser, type WatchedPage } from '@spine/testkit/open-browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

const executable = findBrowser();
if (executable === null) {
  process.stderr.write(
    'skipped: the explorer in a browser, for there is no Chromium here (SPINE_TEST_BROWSER names one)\n',
  );
}

const operationsFolder = mkdtempSync(join(tmpdir(), 'spine-operations-'));
const headline = `# All that is known of one table.
query Headline($namespace: String = "shop", $name: String!) {
  dataset(name: $name) {
    ...Known
  }
  echo(text: $namespace)
}

fragment Known on Dataset {
  name
  rows
  subject {
    versions
  }
}

subscription Violations($after: Cursor) {
  violations(after: $after) {
    __typename
    cursor
    ... on ViolationRaised {
      violation {
        id
        severity
        dataset {
          rows
        }
      }
    }
  }
}
`;

describe.skipIf(executable === null)('the explorer in a browser', () => {
  let browser: WatchedBrowser;
  let fixture: Fixture;
  const opened: WatchedPage[] = [];

  beforeAll(async () => {
    const build = fileURLToPath(new URL('../../explorer/build.js', import.meta.url));
    const built = spawnSync(process.execPath, [build, '--if-stale'], { encoding: 'utf8' });
    expect(built.status, built.stderr).toBe(0);
    writeFileSync(join(operationsFolder, 'headline.graphql'), headline);
    writeFileSync(
      join(operationsFolder, 'more.graphql'),
      'query Caller {\n  whoAmI\n}\n\nmutation Rename($input: RenameInput!) {\n  rename(input: $input) {\n    name\n  }\n}\n',
    );
    fixture = await startFixture({ kind: 'in process', config: { operationsFolder } });
    browser = await openBrowser(executable ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
    rmSync(operationsFolder, { recursive: true });
  });

  async function open(url: string) {
    const watched = await browser.open(url);
    opened.push(watched);
    const { page } = watched;
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    const answer = page.locator('.graphiql-response');
    return {
      page,
      answer,
      query: page.locator('.graphiql-query-editor'),
      run: () => page.getByRole('button', { name: /^Execute/ }).click(),
      told: (text: string | RegExp) => answer.getByText(text).first().waitFor({ timeout: 10_000 }),
    };
  }

  /** Follows the violations, until the source has opened the stream: without a cursor it begins with what comes after. */
  async function follow(page: WatchedPage['page']): Promise<void> {
    await eventually(() => expect(fixture.events.open).toBe(0));
    const query = page.locator('.graphiql-query-editor');
    await query.locator('.view-lines').waitFor();
    await page.getByRole('tab', { name: 'Violations' }).click();
    // The tab is there before its text is in the editor, and a click in between would run what was there before.
    await query.getByText('subscription').first().waitFor();
    await page.getByRole('button', { name: /^Execute/ }).click();
    await page.getByRole('status').getByText('Live').waitFor();
    await eventually(() => expect(fixture.events.open).toBe(1), { timeoutMs: 10_000 });
  }

  test('a first visit opens with the headline, and its answer comes with the variables filled in', async () => {
    const { run, told, page } = await open(`${fixture.url}/graphiql`);
    await page.getByText('customers').first().waitFor();
    await run();
    await told('"versions"');
  });

  test('a stream shows what arrives, newest first, and no heartbeats', async () => {
    const { page, told, answer } = await open(`${fixture.url}/graphiql`);
    await follow(page);
    fixture.events.append({ id: 'v-first', severity: 'LOW', table: 'orders' });
    await told('"v-first"');
    fixture.events.append({ id: 'v-second', severity: 'HIGH', table: 'customers' });
    await told('"v-second"');
    const text = (await answer.textContent()) ?? '';
    expect(text.indexOf('v-second')).toBeLessThan(text.indexOf('v-first'));
    expect(text).not.toContain('StreamHeartbeat');
    await page.getByRole('button', { name: /^Stop/ }).click();
    await page.getByRole('status').waitFor({ state: 'detached' });
  });

  test('a stream that is broken goes on where it was, without a loss', async () => {
    const watched = await browser.open('about:blank');
    opened.push(watched);
    const { page } = watched;
    const sockets: { close(): Promise<void> }[] = [];
    await page.routeWebSocket('**/graphql', (socket) => {
      socket.connectToServer();
      sockets.push({ close: () => socket.close({ code: 1012, reason: 'restart' }) });
    });
    await page.goto(`${fixture.url}/graphiql`);
    await follow(page);
    fixture.events.append({ id: 'v-before', severity: 'LOW', table: 'orders' });
    await page.getByText('"v-before"').waitFor();
    await sockets[0]?.close();
    fixture.events.append({ id: 'v-meanwhile', severity: 'LOW', table: 'orders' });
    await page.getByText('"v-meanwhile"').waitFor();
    await page
      .getByRole('status')
      .getByText(/resumed \d+ time/)
      .waitFor();
    expect(await page.getByText('"v-before"').count()).toBe(1);
  });

  test('an example opens in a tab of its own, with what it demands and the fragments that it needs', async () => {
    const { page, query, run, told } = await open(`${fixture.url}/graphiql`);
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('tab', { name: 'Rename' }).waitFor();
    await page.getByText('"input"').first().waitFor();
    await page.getByRole('button', { name: 'Caller' }).click();
    await query.getByText('whoAmI').first().waitFor();
    await run();
    await told('"whoAmI"');
    await page.getByRole('button', { name: /^Headline All/ }).click();
    await query.getByText('Known').first().waitFor();
    expect(await page.getByRole('tab', { name: 'Headline' }).count()).toBe(1);
  });

  test('a query can be clicked together, and what ran is in the history', async () => {
    const { page, query, run, told } = await open(`${fixture.url}/graphiql`);
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
    await page.locator('.graphiql-explorer-root').getByText('violationCount').click();
    await query.getByText('violationCount').first().waitFor();
    await page.getByRole('tab', { name: 'MyQuery' }).waitFor();
    await run();
    await told('"violationCount"');
    await page.getByRole('button', { name: 'Show History' }).click();
    await page.locator('.graphiql-history-item').getByText('MyQuery').first().waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Subscription' }).waitFor();
  });

  test('a link carries the operation in its fragment, and opens it', async () => {
    const { page } = await open(`${fixture.url}/graphiql`);
    await page.getByRole('button', { name: 'Caller' }).click();
    await page.getByRole('tab', { name: 'Caller' }).waitFor();
    await page.getByRole('button', { name: /Share/ }).click();
    await page.waitForURL(/#query=query\+Caller/);
    const linked = await open(page.url());
    await linked.query.getByText('whoAmI').first().waitFor();
    expect(await linked.page.getByRole('tab').count()).toBe(1);
  });

  test('the switches ask for the plan and the cost, and the answer shows them', async () => {
    const { page, run, told } = await open(`${fixture.url}/graphiql`);
    await page.getByText('customers').first().waitFor();
    await page.getByRole('checkbox', { name: 'Query plan' }).check();
    await page.getByRole('checkbox', { name: 'Cost' }).check();
    const asked = page.waitForRequest((request) => request.headers()['spine-query-plan'] === '1');
    await run();
    expect((await asked).headers()['spine-cost']).toBe('1');
    await told('"queryPlan"');
  });

  test('a token goes with requests and streams, and is kept for the session alone', async () => {
    const guarded = await startFixture({ kind: 'in process', auth: 'tokens', config: { operationsFolder } });
    try {
      const { page, run, told } = await open(`${guarded.url}/graphiql`);
      await page.getByRole('button', { name: 'Caller' }).click();
      await run();
      await told(/token/);
      await page.getByLabel('Token').fill(fixtureTokens.viewer);
      await page.getByLabel('Token').press('Enter');
      await run();
      await told(/the-viewer/);
      await page.getByRole('tab', { name: 'Violations' }).click();
      await run();
      await page.getByRole('status').getByText('Live').waitFor();
      await eventually(() => expect(guarded.events.open).toBe(1), { timeoutMs: 10_000 });
      guarded.events.append({ id: 'v-guarded', severity: 'LOW', table: 'orders' });
      await told('"v-guarded"');
      const kept = (storage: string) => page.evaluate(`JSON.stringify({ ...${storage} })`);
      expect(await kept('localStorage')).not.toContain(fixtureTokens.viewer);
      expect(await kept('sessionStorage')).toContain(fixtureTokens.viewer);
    } finally {
      await guarded.close();
    }
  });

  test('none of this broke the policy of the page, logged an error or asked another host', () => {
    expect(opened.length).toBeGreaterThan(7);
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
    const asked = new Set(opened.flatMap(({ hosts }) => [...hosts]));
    expect([...asked].filter((host) => !host.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
