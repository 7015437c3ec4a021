import { Problem } from '@spine/kernel/problem';
import { applySpec, planSpec, type SpecChanges } from '../apply/apply-spec.ts';
import { printChanges } from '../apply/print-changes.ts';
import { readSpec, specFile } from '../apply/read-spec.ts';
import { createSpineClient } from '../client/spine-client.ts';
import { processEnv } from '../config.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';

export interface SpecOptions {
  readonly file?: string;
  readonly json?: boolean;
}

/** `spine plan`: shows what an apply would change. Answers the exit code. */
export async function plan(options: SpecOptions): Promise<number> {
  return await run(options, planSpec, 'would change');
}

/** `spine apply`: makes the installation what the file says. Answers the exit code. */
export async function apply(options: SpecOptions): Promise<number> {
  return await run(options, applySpec, 'applied');
}

async function run(
  options: SpecOptions,
  act: (
    client: ReturnType<typeof createSpineClient>,
    spec: ReturnType<typeof readSpec>,
  ) => Promise<SpecChanges>,
  title: string,
): Promise<number> {
  const file = specFile(options.file);
  if (file === undefined) {
    throw new Problem('INPUT_INVALID', 'no spine.yaml here', {
      fix: 'Name the file with -f FILE, or write one with `spine init URL`.',
    });
  }
  const changes = await act(createSpineClient(processEnv), readSpec(file));
  if (options.json) terminal.json(changes);
  else {
    terminal.line(`${file}: ${title}`);
    printChanges(terminal, changes);
  }
  const faults = [...changes.endpoints.sources, ...changes.endpoints.sinks].some(
    (endpoint) => endpoint.faults.length > 0,
  );
  return faults ? exitCodes.environment : exitCodes.good;
}
