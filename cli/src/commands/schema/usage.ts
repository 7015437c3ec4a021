import { z } from 'zod';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { parseWord } from '../../schema/parse-word.ts';
import { printTable } from '../../schema/print-table.ts';
import { usage } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

const roles = ['producer', 'consumer'] as const;

export interface UsageOptions {
  readonly json?: boolean;
}

export interface RegisterOptions extends UsageOptions {
  readonly as: string;
  readonly version?: string;
  readonly contact?: string;
}

const usages = z.object({
  producers: z.array(usage).default([]),
  consumers: z.array(usage).default([]),
});

/** `spine schema usage list`: who writes and who reads a subject's data, and by which version. */
export async function listUsage(subject: string, { json }: UsageOptions): Promise<number> {
  const client = createSpineClient(processEnv);
  const { producers } = usages.parse(await client.get('registry', subjectPath(subject, 'producers')));
  const { consumers } = usages.parse(await client.get('registry', subjectPath(subject, 'consumers')));
  if (json) terminal.json({ subject, producers, consumers });
  else if (producers.length + consumers.length === 0) terminal.line(`nobody is registered for ${subject}`);
  else {
    printTable(terminal, [
      ['ROLE', 'NAME', 'VERSION', 'CONTACT', 'SINCE'],
      ...[...producers, ...consumers].map(({ role, name, version, contact, registeredAt }) => [
        role.toLowerCase(),
        name,
        String(version),
        contact ?? '-',
        registeredAt.slice(0, 10),
      ]),
    ]);
  }
  return exitCodes.good;
}

/** `spine schema usage add`: registers who writes or reads, so that publishing tells whom it would break. */
export async function addUsage(subject: string, name: string, options: RegisterOptions): Promise<number> {
  const { version = 'latest', contact, json } = options;
  const path = usagePath(subject, name, options.as);
  const answer = await createSpineClient(processEnv).put('registry', path, {
    version,
    ...(contact !== undefined && { contact }),
  });
  const registered = usage.parse(answer);
  if (json) terminal.json(answer);
  else {
    const { green } = terminal.colour;
    const role = registered.role.toLowerCase();
    terminal.line(`${green('✓')} ${role} ${name} uses ${subject} version ${registered.version}`);
  }
  return exitCodes.good;
}

/** `spine schema usage remove`: nobody waits for them any more. */
export async function removeUsage(subject: string, name: string, options: RegisterOptions): Promise<number> {
  await createSpineClient(processEnv).delete('registry', usagePath(subject, name, options.as));
  if (options.json) terminal.json({ subject, name, removed: true });
  else terminal.line(`${terminal.colour.green('✓')} ${name} no longer uses ${subject}`);
  return exitCodes.good;
}

function usagePath(subject: string, name: string, as: string): string {
  return subjectPath(subject, `${parseWord('--as', as, roles)}s`, name);
}
