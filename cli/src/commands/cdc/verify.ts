import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { isProblemCode } from '../../client/is-problem-code.ts';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

export interface VerifyOptions {
  readonly tables?: readonly string[];
  readonly json?: boolean;
}

const resultShape = z.object({
  kind: z.literal('result'),
  table: z.string(),
  status: z.enum(['equal', 'unequal', 'unsettled']),
  sourceRows: z.number(),
  sinkRows: z.number(),
  differences: z.array(z.object({ kind: z.string(), key: z.string().nullable() })),
  differing: z.number(),
  partial: z.boolean(),
});
const eventShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('table'), table: z.string(), estimatedRows: z.number() }),
  z.object({ kind: z.literal('progress'), table: z.string(), side: z.string(), rows: z.number() }),
  z.object({ kind: z.literal('skipped'), table: z.string(), state: z.string() }),
  resultShape,
  z.object({ kind: z.literal('end'), equal: z.boolean() }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string(), fix: z.string().optional() }),
]);

type Result = z.infer<typeof resultShape>;

/** `spine cdc verify`: source and sink of a route by content hash. Answers 14 when they are not equal, 1 when rows would not settle. */
export async function verify(route: string, { tables = [], json = false }: VerifyOptions): Promise<number> {
  const client = createSpineClient(processEnv);
  const results: Result[] = [];
  const skipped: { table: string; state: string }[] = [];
  const bar = createBar(!json && process.stderr.isTTY === true);
  let estimatedRows = 0;
  let ended = false;
  const path = `/internal/routes/${encodeURIComponent(route)}/verify`;
  for await (const line of client.lines('cdc', path, { tables })) {
    const event = eventShape.parse(line);
    switch (event.kind) {
      case 'table':
        estimatedRows = event.estimatedRows;
        break;
      case 'progress':
        bar.show(event.table, event.side, event.rows, estimatedRows);
        break;
      case 'skipped':
        skipped.push({ table: event.table, state: event.state });
        if (!json) terminal.line(`- ${event.table} is ${event.state}: nothing to compare`);
        break;
      case 'result':
        bar.clear();
        results.push(event);
        if (!json) printResult(route, event);
        break;
      case 'failed':
        bar.clear();
        throw new Problem(isProblemCode(event.code) ? event.code : 'INTERNAL', event.message, {
          ...(event.fix !== undefined && { fix: event.fix }),
        });
      case 'end':
        ended = true;
    }
  }
  if (!ended) throw new Problem('SERVICE_UNAVAILABLE', 'the comparison broke off before its end');
  const unequal = results.some(({ status }) => status === 'unequal');
  const equal = results.every(({ status }) => status === 'equal');
  if (json) terminal.json({ route, equal, tables: results.map(({ kind: _, ...rest }) => rest), skipped });
  else if (results.length === 0) terminal.line('no table to compare');
  return unequal ? exitCodes.integrity : equal ? exitCodes.good : exitCodes.refused;
}

function printResult(
  route: string,
  { table, status, sourceRows, sinkRows, differences, differing, partial }: Result,
): void {
  const { colour } = terminal;
  if (status === 'equal') {
    terminal.line(`${colour.green('✓')} ${table} is equal, ${sourceRows} rows`);
    return;
  }
  const count = `${partial ? 'at least ' : ''}${differing} rows differ (${sourceRows} at the source, ${sinkRows} at the sink)`;
  const note =
    status === 'unsettled' ? '; they changed at every look, so look again when there is less to do' : '';
  terminal.line(`${colour.red('✗')} ${table} is ${status}: ${count}${note}`);
  for (const { kind, key } of differences.slice(0, 20)) {
    terminal.line(`    ${kind.padEnd(9)} ${key ?? '(the table has no key)'}`);
  }
  if (differences.length > 20)
    terminal.line(`    and ${differences.length - 20} more; --json lists up to 100`);
  if (status === 'unequal') {
    terminal.line(`    next: spine cdc resnapshot ${route} ${table} copies it in full again`);
  }
}

/** One line at a terminal, drawn over itself. */
function createBar(shown: boolean) {
  const width = 20;
  const write = (text: string): void => void (shown && process.stderr.write(`\r\u001b[K${text}`));
  return {
    show(table: string, side: string, rows: number, estimated: number) {
      const filled = Math.min(width, Math.round((rows / Math.max(rows, estimated, 1)) * width));
      write(`${table} ${side} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${rows} rows`);
    },
    clear: () => write(''),
  };
}
