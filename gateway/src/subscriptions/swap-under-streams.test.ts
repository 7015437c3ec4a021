import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@spine/testkit/eventually';
import { expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { openStream, socketClient } from '../testing/open-stream.ts';
import { fixtureSecret, linkKinds, startFixture } from '../testing/start-fixture.ts';

const query =
  'subscription { violations { ... on ViolationRaised { violation { id dataset { subject { name } } } } } }';

test.each(linkKinds)(
  'subscribers miss nothing and keep their sockets while the supergraph is swapped and a subgraph restarts, subgraphs %s',
  async (kind) => {
    const { streams } = parseGatewayConfig({ SPINE_SERVICE_SECRET: fixtureSecret });
    const fixture = await startFixture({ kind, config: { streams: { ...streams, swapSpreadMs: 30 } } });
    const clients = Array.from({ length: 5 }, () => socketClient(fixture.url));
    const subscribers = clients.flatMap((client) =>
      Array.from({ length: 10 }, () => openStream(client, query)),
    );
    const swapped = () =>
      fixture.log.entries.filter(({ fields }) => fields['event'] === 'supergraph.swapped').length;
    await eventually(() => expect(fixture.events.open).toBe(1));
    let published = 0;
    const publishing = setInterval(() => {
      published += 1;
      fixture.events.append({ id: String(published), severity: 'high', table: 'orders' });
    }, 3);
    // One event has come to each, so each has a cursor.
    await eventually(() => expect(subscribers.every(({ results }) => results.length > 0)).toBe(true));

    const text = readFileSync(fixture.supergraphFile, 'utf8');
    for (let n = 1; n <= 4; n += 1) {
      writeFileSync(fixture.supergraphFile, `${text}\n# ${n}\n`);
      await eventually(() => expect(swapped()).toBe(n));
      if (n === 2) {
        await fixture.services.watch.stop();
        await fixture.services.watch.start();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    clearInterval(publishing);

    const idsOf = ({ results }: (typeof subscribers)[number]) =>
      results.map((result) => Object(result.data?.['violations']).violation.id);
    await eventually(() =>
      expect(subscribers.every((each) => idsOf(each).at(-1) === String(published))).toBe(true),
    );
    const all = Array.from({ length: published }, (_, n) => String(n + 1));
    for (const each of subscribers) {
      expect(idsOf(each)).toEqual(all.slice(-each.results.length));
      expect(each.results.every(({ errors }) => errors === undefined)).toBe(true);
      expect(each.ended()).toBeUndefined();
    }
    // From the next event on they share one stream again.
    fixture.events.append({ id: 'next', severity: 'high', table: 'orders' });
    await eventually(() => expect(fixture.events.open).toBe(1));
    await Promise.all(clients.map((client) => client.dispose()));
    await eventually(() => expect(fixture.events.open).toBe(0));
    await fixture.close();
  },
  30_000,
);
