import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { type ChainedEntry, createChainCheck } from '@spine/kernel/hash-chain';
import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { createSpineClient, type SpineClient } from '../client/spine-client.ts';
import { processEnv } from '../config.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';

export interface AuditVerifyOptions {
  readonly json?: boolean;
  /** An export to check in place of the running gateway's log. */
  readonly file?: string;
}

export interface AuditExportOptions {
  readonly from?: string;
  readonly to?: string;
  /** Where to write; stdout by default. */
  readonly output?: string;
}

/** `spine audit verify`: follows the chain of the audit log, of the gateway or of an export. Answers 14 when it is broken. */
export async function verifyAudit({ file, json }: AuditVerifyOptions): Promise<number> {
  const check = createChainCheck();
  const entries = file === undefined ? fetchEntries(createSpineClient(processEnv), {}) : readExport(file);
  let fault: string | null = null;
  for await (const entry of entries) {
    fault = check.next(entry);
    if (fault !== null) break;
  }
  const { seq, hash } = check.head();
  if (json) {
    terminal.json({ whole: fault === null, fault, entries: check.entries, head: { seq: String(seq), hash } });
  } else if (fault === null) {
    terminal.line(`the chain of ${check.entries} entries is whole; its head is ${seq} ${hash}`);
  } else {
    terminal.problem(
      new Problem('LEDGER_BROKEN', `the audit log is broken: ${fault}`, {
        fix: 'Keep the database as it is, and find out who wrote to it.',
      }),
      false,
    );
  }
  return fault === null ? exitCodes.good : exitCodes.integrity;
}

/** `spine audit export`: entries as JSON lines, each with its place in the chain. */
export async function exportAudit({ from, to, output }: AuditExportOptions): Promise<number> {
  const target =
    output === undefined ? process.stdout : createWriteStream(output, { flags: 'wx', mode: 0o600 });
  const entries = fetchEntries(createSpineClient(processEnv), { from, to });
  await pipeline(toLines(entries), target, { end: output !== undefined });
  return exitCodes.good;
}

const entryShape = z.object({
  seq: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  prevHash: z.string(),
  hash: z.string(),
  entry: z.unknown(),
});
const pageShape = z.object({ entries: z.array(entryShape) });

async function* fetchEntries(
  client: SpineClient,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): AsyncGenerator<ChainedEntry> {
  let after = 0n;
  for (;;) {
    const query = new URLSearchParams({ after: String(after), limit: '1000' });
    if (from !== undefined) query.set('from', from);
    if (to !== undefined) query.set('to', to);
    const { entries } = pageShape.parse(await client.get('gateway', `/audit?${query}`));
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

async function* toLines(entries: AsyncIterable<ChainedEntry>): AsyncGenerator<string> {
  for await (const { seq, ...entry } of entries) {
    yield `${JSON.stringify({ seq: String(seq), ...entry })}\n`;
  }
}

async function* readExport(file: string): AsyncGenerator<ChainedEntry> {
  const input = createReadStream(file, 'utf8');
  try {
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text === '') continue;
      yield parseLine(text, `${file}:${line}`);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('INPUT_INVALID', `${file} cannot be read`, { fix: 'Name an export.', cause });
  } finally {
    input.close();
  }
}

function parseLine(text: string, place: string): ChainedEntry {
  try {
    return entryShape.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem('INPUT_INVALID', `${place} is no entry of an audit log`, {
      fix: 'Name a file that `spine audit export` wrote.',
      cause,
    });
  }
}
