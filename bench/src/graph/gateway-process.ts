import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process has used since it began. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** A gateway under test in a process of its own. */
export interface GatewayProcess {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  usage(): Promise<Usage>;
  /** For a gateway whose subgraphs are in its own process: lets their feed grow. */
  publish(howMany: number): void;
  stop(): Promise<void>;
}

/** Starts a program of the bench; it sends `{ url, token? }` once it listens. */
export async function startGateway(
  name: string,
  file: URL,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const child = forkSource(file, args, env);
  const [{ url, token }] = await firstMessage(name, child);
  return {
    name,
    url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    async usage() {
      child.send('usage');
      const [usage] = await once(child, 'message');
      return usage;
    },
    publish: (howMany) => void child.send(howMany),
    stop: () => stopChild(child),
  };
}

/** Runs TypeScript by tsx as the rest of the bench is, and a peer's JavaScript by Node alone. */
export function forkSource(
  file: URL,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const path = fileURLToPath(file);
  return fork(path, args, {
    execArgv: path.endsWith('.ts')
      ? ['--conditions=@spine/source', '--import', import.meta.resolve('tsx')]
      : [],
    env: { ...process.env, APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** What a child says first; an error when it ends without a word. */
export async function firstMessage(name: string, child: ChildProcess) {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it listened`);
  });
  return await Promise.race([once(child, 'message'), ended]);
}

/** Ends a child and waits until it is gone. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
