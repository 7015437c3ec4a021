import { startEmbeddedPostgres } from '@spine/platform/embedded/start-embedded-postgres';
import { createRecordingLog } from './recording-log.ts';

// A program for crash tests: starts the server of the home given as its argument, says where as one line of JSON, and
// holds it until it is killed.
const home = process.argv[2];
if (home === undefined) throw new Error('usage: hold-embedded-postgres HOME');
const server = await startEmbeddedPostgres({ home, log: createRecordingLog(), settings: { fsync: false } });
process.stdout.write(`${JSON.stringify({ pid: server.pid, port: server.port, url: server.url })}\n`);
process.once('SIGTERM', () => {
  void server.stop();
});
