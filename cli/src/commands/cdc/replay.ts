import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { askGraph } from '../../client/ask-graph.ts';
import { createSpineClient, type SpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

export interface ReplayOptions {
  readonly table?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** How long the route's worker may take before the command tells that it waits; the replay itself stays asked for. */
const patienceMs = 5 * 60_000;

const replayShape = z.object({
  id: z.string(),
  dryRun: z.boolean(),
  finishedAt: z.string().nullable(),
  tables: z.array(
    z.object({ table: z.string(), delivered: z.number(), refused: z.number(), reasons: z.array(z.string()) }),
  ),
});
type Replay = z.infer<typeof replayShape>;

const fields = 'id dryRun finishedAt tables { table delivered refused reasons }';

/** `spine cdc replay`: delivers dead letters again and tells how it went. Answers 1 when some stay. */
export async function replay(route: string, options: ReplayOptions): Promise<number> {
  const { table = [], dryRun = false, json = false } = options;
  const client = createSpineClient(processEnv);
  const { replay: asked } = await askGraph(
    client,
    `mutation Replay($input: ReplayDeadLettersInput!) {
      answer: replayDeadLetters(input: $input) {
        __typename
        ... on ReplayRequested { replay { ${fields} } }
        ... on UserError { code message }
      }
    }`,
    { input: { idempotencyKey: randomUUID(), route, dryRun, ...(table.length > 0 && { tables: table }) } },
    z.object({ replay: replayShape }),
  );
  const done = await untilFinished(client, asked, route);
  if (json) terminal.json({ replay: done });
  else print(done);
  return done.tables.some(({ refused }) => refused > 0) ? exitCodes.refused : exitCodes.good;
}

async function untilFinished(client: SpineClient, asked: Replay, route: string): Promise<Replay> {
  const query = `query Replay($id: ID!) { answer: deadLetterReplay(id: $id) { ${fields} } }`;
  const givesUpAt = Date.now() + patienceMs;
  for (let latest = asked; ; ) {
    if (latest.finishedAt !== null) return latest;
    if (Date.now() > givesUpAt) {
      throw new Problem('TIMEOUT', `the worker of ${route} has not begun the replay`, {
        fix: `It stays asked for, as ${asked.id}, and is done as soon as the route streams: see \`spine cdc status ${route}\`.`,
      });
    }
    await sleep(250);
    latest = await askGraph(client, query, { id: asked.id }, replayShape);
  }
}

function print({ tables, dryRun }: Replay): void {
  const { colour } = terminal;
  if (tables.length === 0) terminal.line('no dead letter waits');
  for (const { table, delivered, refused, reasons } of tables) {
    const mark = refused === 0 ? colour.green('✓') : colour.red('✗');
    terminal.line(
      `${mark} ${colour.bold(table)} ${delivered} ${dryRun ? 'would be delivered' : 'delivered'}, ${refused} ${dryRun ? 'would stay' : 'stay'}`,
    );
    for (const reason of reasons) terminal.line(`  - ${reason}`);
  }
}
