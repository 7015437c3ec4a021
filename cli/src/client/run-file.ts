import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const shape = z.object({
  pid: z.number(),
  startedAt: z.string(),
  mode: z.enum(['dev', 'tokens']),
  urls: z.object({
    gateway: z.string(),
    registry: z.string(),
    lineage: z.string(),
    cdc: z.string(),
    governance: z.string(),
  }),
  /** Admin URL of the embedded Postgres; absent when the metadata database is elsewhere. */
  postgres: z.string().optional(),
});

/** What a running `spine up` tells the other commands of its home. */
export type RunFile = z.infer<typeof shape>;

/** Writes run.json, readable by its owner alone: it names the embedded Postgres with its password. */
export function writeRunFile(home: string, run: RunFile): void {
  mkdirSync(home, { recursive: true });
  // Whoever reads it meanwhile finds it whole or not at all.
  const draft = join(home, `run.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(home, 'run.json'));
}

/** The running `spine up` of a home, or undefined when there is none. */
export function readRunFile(home: string): RunFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(home, 'run.json'), 'utf8');
  } catch {
    return undefined;
  }
  const run = shape.safeParse(JSON.parse(text));
  return run.success && isAlive(run.data.pid) ? run.data : undefined;
}

/** Takes run.json away at the end of `spine up`. */
export function removeRunFile(home: string): void {
  rmSync(join(home, 'run.json'), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
