import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { createSpineClient } from '../client/spine-client.ts';
import { processEnv } from '../config.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';

export interface GraphUsageOptions {
  readonly json?: boolean;
  /** Where to write; stdout by default. */
  readonly output?: string;
}

const report = z.object({ from: z.string(), to: z.string(), fields: z.record(z.string(), z.number()) });

/** `spine graph usage`: how often clients selected each field of the graph; the check of breaking changes weighs by it. */
export async function showGraphUsage({ json, output }: GraphUsageOptions): Promise<number> {
  const usage = report.parse(await createSpineClient(processEnv).get('gateway', '/usage'));
  if (output !== undefined) writeFileSync(output, `${JSON.stringify(usage, null, 2)}\n`);
  else if (json) terminal.json(usage);
  else {
    terminal.line(`fields selected from ${usage.from} to ${usage.to}`);
    const byCount = Object.entries(usage.fields).sort(([, a], [, b]) => b - a);
    for (const [field, count] of byCount) terminal.line(`${String(count).padStart(10)}  ${field}`);
  }
  return exitCodes.good;
}
