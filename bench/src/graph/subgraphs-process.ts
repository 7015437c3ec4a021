import { createLog } from '@spine/platform/log/create-log';
import { createEventFeed } from './event-feed.ts';
import { serveBenchSubgraphs } from './serve-bench-subgraphs.ts';

// The four subgraphs in a process of their own. Prints their addresses; publishes as many events as a message says.
const events = createEventFeed();
const services = await serveBenchSubgraphs(events, createLog({ service: 'bench', level: 'silent' }));
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (typeof message === 'number') events.publish(message);
  else process.send?.({ streams: events.streams });
});
process.send?.(
  Object.fromEntries(Object.entries(services).map(([name, service]) => [name, service.address()])),
);
