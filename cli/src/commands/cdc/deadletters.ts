import { z } from 'zod';
import { askGraph } from '../../client/ask-graph.ts';
import { createSpineClient, type SpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';
import { routeNotFound } from './route-not-found.ts';

const letterShape = z.object({
  id: z.string(),
  schema: z.string(),
  table: z.string(),
  state: z.string(),
  reason: z.string(),
  commitLsn: z.string(),
  ordinal: z.number(),
  parkedAt: z.string(),
});
type Letter = z.infer<typeof letterShape>;

const answerShape = z
  .object({
    deadLetterEntries: z.object({
      nodes: z.array(letterShape),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  })
  .nullable();

const query = `query DeadLetters($route: ID!, $after: String) {
  answer: route(name: $route) {
    deadLetterEntries(first: 100, after: $after) {
      nodes { id schema table state reason commitLsn ordinal parkedAt }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** `spine cdc deadletters`: the changes of a route that were set aside and wait, never their rows. Answers 1 when there are any. */
export async function deadLetters(
  route: string,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const found = await findDeadLetters(createSpineClient(processEnv), route);
  if (json) terminal.json({ deadLetters: found });
  else if (found.length === 0) terminal.line(`no dead letter of ${terminal.colour.bold(route)} waits`);
  else printLetters(route, found);
  return found.length === 0 ? exitCodes.good : exitCodes.refused;
}

async function findDeadLetters(client: SpineClient, route: string): Promise<readonly Letter[]> {
  const found: Letter[] = [];
  for (let after: string | null = null; ; ) {
    const answer: z.infer<typeof answerShape> = await askGraph(client, query, { route, after }, answerShape);
    if (answer === null) throw routeNotFound(route);
    found.push(...answer.deadLetterEntries.nodes);
    if (!answer.deadLetterEntries.pageInfo.hasNextPage) return found;
    after = answer.deadLetterEntries.pageInfo.endCursor;
  }
}

function printLetters(route: string, letters: readonly Letter[]): void {
  const { colour } = terminal;
  for (const { id, schema, table, state, reason, commitLsn, parkedAt } of letters) {
    const mark = state === 'FAILED' ? colour.red('✗') : colour.dim('…');
    terminal.line(
      `${mark} ${colour.bold(`${schema}.${table}`)} ${reason} ${colour.dim(`(${id}, commit ${commitLsn}, ${parkedAt})`)}`,
    );
  }
  terminal.line(`Mend the cause, then \`spine cdc replay ${route}\`.`);
}
