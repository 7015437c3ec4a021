import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';
import { findIncidents, type Incident } from './find-incidents.ts';

/** `spine cdc incidents`: tables that stand still for a breaking change, and the ways out. Answers 1 when there are any. */
export async function incidents(
  route: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const found = await findIncidents(createSpineClient(processEnv), route);
  if (json) terminal.json({ incidents: found });
  else if (found.length === 0) terminal.line('no incident is open');
  else found.forEach(printIncident);
  return found.length === 0 ? exitCodes.good : exitCodes.refused;
}

function printIncident({ route, schema, table, openedAt, reason, breaches, waysOut }: Incident): void {
  const { colour } = terminal;
  terminal.line(
    `${colour.red('✗')} ${colour.bold(`${route.name} ${schema}.${table}`)} stands still since ${openedAt}`,
  );
  terminal.line(`  ${reason}`);
  for (const { kind, path, message } of breaches) {
    terminal.line(`  - ${message} ${colour.dim(`(${kind} at ${path || 'the root'})`)}`);
  }
  for (const way of waysOut) terminal.line(`  → ${way}`);
}
