import { readFile, writeFile } from 'node:fs/promises';
import * as spine from '@spine/client';

// Shows one dataset with everything that is known of it, then follows violations, and goes on where it was left.
const { SPINE_GATEWAY_URL = 'http://127.0.0.1:4000', SPINE_TOKEN, CURSOR_FILE = '.cursor' } = process.env;
const client = spine.createSpineClient({ url: `${SPINE_GATEWAY_URL}/graphql`, token: SPINE_TOKEN });
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

const { datasets } = await client.query(spine.DatasetsDocument, { first: 100 });
const moved = datasets.nodes.find(({ routes }) => routes.length > 0);
if (moved === undefined) throw new Error('no route moves anything yet');
const { namespace, name } = moved;
const { dataset } = await client.query(spine.HeadlineDocument, { namespace, name });
console.log(name, dataset?.subject?.latest?.semver, dataset?.classification?.dataClass);
for (const route of dataset?.routes ?? []) console.log(' ', route.name, route.state, route.lag?.seconds);

await spine.resumeSubscription({
  client: client.streams,
  operation: spine.ViolationsDocument,
  store: {
    get: () => readFile(CURSOR_FILE, 'utf8').catch(() => null),
    set: (cursor) => writeFile(CURSOR_FILE, cursor),
  },
  onEvent(event) {
    if (event.__typename === 'ViolationRaised') console.log(event.violation.severity, event.violation.reason);
    else console.log(event.__typename);
  },
  onGap: ({ reason }) => console.log('something was missed:', reason),
  signal: stop.signal,
});
await client.close();
