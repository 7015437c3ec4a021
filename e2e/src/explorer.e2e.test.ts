import { eventually } from '@spine/testkit/eventually';
import { findBrowser } from '@spine/testkit/find-browser';
import { openBrowser, type WatchedBrowser } from '@spine/testkit/open-browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ShopStage, shopStages } from './shop-stage.ts';

// What somebody sees who starts the example and opens the explorer. What the page can do is tested beside the gateway's pages.
const executable = findBrowser();
if (executable === null) {
  process.stderr.write('skipped: the example in a browser, for there is no Chromium here\n');
}

describe.skipIf(executable === null).each(shopStages)(
  'the example in the explorer, with %s',
  (_how, start) => {
    let stage: ShopStage;
    let browser: WatchedBrowser;

    beforeAll(async () => {
      stage = await start();
      browser = await openBrowser(executable ?? '');
      await eventually(
        async () => {
          const states = JSON.parse(await stage.spine('status', '--json')).routes.map(
            (route: { state: string }) => route.state,
          );
          expect(states.toSorted()).toEqual(['denied', 'streaming', 'streaming']);
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
    });
    afterAll(async () => {
      await browser?.close();
      await stage?.stop();
    });

    test('one click runs the headline on a table of the shop, another shows the violation that is open', async () => {
      const { page, faults, hosts } = await browser.open(`${stage.urls.gateway}/graphiql`);
      const answer = page.locator('.graphiql-response');
      if (stage.token !== undefined) {
        await page.getByLabel('Token').fill(stage.token);
        await page.getByLabel('Token').press('Enter');
      }
      await page.locator('.graphiql-editor-tool').getByText('shop.public.').first().waitFor();
      await page.getByRole('button', { name: /^Execute/ }).click();
      await answer.getByText('"semver"').first().waitFor();

      await page.getByRole('tab', { name: 'Violations' }).click();
      await page.getByRole('button', { name: /^Execute/ }).click();
      await answer.getByText('"ViolationRaised"').first().waitFor();
      await page.getByRole('status').getByText('Live').waitFor();

      expect(faults).toEqual([]);
      expect([...hosts]).toEqual([new URL(stage.urls.gateway).host]);
    });
  },
);
