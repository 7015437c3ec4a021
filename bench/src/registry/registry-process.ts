import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstMessage, forkSource, stopChild, type Usage } from '../graph/gateway-process.ts';

/** A registry under test in a process of its own, as production runs it: tokens, limits and metrics on, the log at info. */
export interface RegistryProcess {
  readonly url: URL;
  /** Of a publisher. */
  readonly headers: Readonly<Record<string, string>>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

const secret = 'the-token-that-the-bench-publishes-with';

/** Starts one over a database; it migrates the database first. */
export async function startRegistry(databaseUrl: string): Promise<RegistryProcess> {
  const tokensFile = join(await mkdtemp(join(tmpdir(), 'spine-bench-')), 'tokens.json');
  const sha256 = createHash('sha256').update(secret).digest('hex');
  await writeFile(tokensFile, JSON.stringify([{ id: 'bench', sha256, roles: ['publisher'], functions: [] }]));
  const child = forkSource(new URL('./registry-program.ts', import.meta.url), [], {
    SPINE_DATABASE_URL: databaseUrl,
    SPINE_REGISTRY_PORT: '0',
    SPINE_HOST: '127.0.0.1',
    SPINE_TOKENS_FILE: tokensFile,
    SPINE_SERVICE_SECRET: 'only-the-bench-knows-this-service-secret',

    SPINE_LOG_LEVEL: 'info',
  });
  const [{ url }] = await firstMessage('the registry', child);
  return {
    url: new URL(url),
    headers: { authorization: `Bearer ${secret}` },
    async usage() {
      child.send('usage');
      const [usage] = await once(child, 'message');
      return usage;
    },
    stop: () => stopChild(child),
  };
}
