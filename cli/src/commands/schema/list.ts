import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { listPages } from '../../schema/list-pages.ts';
import { printTable } from '../../schema/print-table.ts';
import { subjectsPage } from '../../schema/registry-answers.ts';
import { terminal } from '../../terminal.ts';

/** `spine schema list`: every subject with its latest version. */
export async function list(
  prefix: string | undefined,
  { json }: { readonly json?: boolean },
): Promise<number> {
  const all = await listPages(
    createSpineClient(processEnv),
    '/schemas',
    (answer) => subjectsPage.parse(answer),
    (page) => page.subjects,
  );
  const subjects = all.filter(({ name }) => name.startsWith(prefix ?? ''));
  if (json) terminal.json({ subjects });
  else if (subjects.length === 0) terminal.line('no subjects');
  else {
    printTable(terminal, [
      ['SUBJECT', 'LATEST', 'VERSION', 'TYPE', 'LEVEL', 'OWNER'],
      ...subjects.map(({ name, level, owner, latest }) => [
        name,
        latest?.semver ?? '-',
        latest === null ? '-' : String(latest.version),
        latest?.schemaType ?? '-',
        level,
        owner,
      ]),
    ]);
  }
  return exitCodes.good;
}
