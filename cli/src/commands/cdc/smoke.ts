import { z } from 'zod';
import { createSpineClient, type SpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

export interface SmokeOptions {
  readonly json?: boolean;
}

const datasetShape = z.object({ namespace: z.string(), name: z.string() });
const resultShape = z.object({
  table: z.string(),
  dataset: datasetShape,
  sinkDataset: datasetShape,
  decision: z.object({
    id: z.string(),
    verdict: z.string(),
    reason: z.string(),
    ruleIds: z.array(z.string()),
    matrixVersion: z.number(),
    rows: z.number(),
    rowsWithheld: z.number(),
  }),
  batch: z.object({ id: z.string(), start: z.string(), end: z.string() }),
  seconds: z.number(),
});
const lineageShape = z.object({
  data: z.object({
    dataset: z
      .object({
        lineage: z
          .object({
            nodes: z.array(z.object({ id: z.string(), __typename: z.string(), name: z.string() })),
            edges: z.array(z.object({ from: z.string(), to: z.string() })),
          })
          .nullable(),
      })
      .nullable(),
  }),
});

/** `spine cdc smoke`: one row from source to sink, with its decision and its lineage. Answers 13 when policy withheld it. */
export async function smoke(
  route: string,
  table: string | undefined,
  { json = false }: SmokeOptions,
): Promise<number> {
  const client = createSpineClient(processEnv);
  const path = `/internal/routes/${encodeURIComponent(route)}/smoke`;
  const result = resultShape.parse(await client.post('cdc', path, table === undefined ? {} : { table }));
  const lineage = await walk(client, result.dataset, route, result.sinkDataset.name);
  const denied = result.decision.verdict === 'deny';
  if (json) terminal.json({ route, ...result, lineage });
  else {
    const { colour } = terminal;
    const { decision, seconds } = result;
    const mark = denied ? colour.red('✗') : colour.green('✓');
    const went = denied ? 'was withheld' : `went from source to sink in ${seconds.toFixed(2)} s`;
    terminal.line(`${mark} ${colour.bold(route)}: a row of ${result.table} ${went}`);
    terminal.line(
      `  decision ${decision.id}: ${decision.verdict} under matrix ${decision.matrixVersion} (${decision.reason})`,
    );
    terminal.line(
      `  batch    ${result.batch.start} to ${result.batch.end}, ${decision.rows} rows of the table`,
    );
    terminal.line(`  lineage  ${lineage.join(' → ') || 'not known yet'}`);
  }
  return denied ? exitCodes.denied : exitCodes.good;
}

/** Source table, route and sink table as the graph joins them; empty while lineage has not heard of it. */
async function walk(
  client: SpineClient,
  dataset: z.infer<typeof datasetShape>,
  job: string,
  sink: string,
): Promise<readonly string[]> {
  const query = `query Path($namespace: String!, $name: String!) { dataset(namespace: $namespace, name: $name) {
    lineage(direction: DOWNSTREAM, depth: 2) {
      nodes { id __typename ... on Dataset { name } ... on Job { name } } edges { from to } } } }`;
  const answer = lineageShape.parse(await client.post('gateway', '/graphql', { query, variables: dataset }));
  const { nodes = [], edges = [] } = answer.data.dataset?.lineage ?? {};
  const idOf = (name: string): string | undefined => nodes.find((node) => node.name === name)?.id;
  const path = [dataset.name, job, sink];
  const joined = path
    .slice(1)
    .every((to, index) =>
      edges.some((edge) => edge.from === idOf(path[index] ?? '') && edge.to === idOf(to)),
    );
  return joined ? path : [];
}
