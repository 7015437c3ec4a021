import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { askGraph } from '../../client/ask-graph.ts';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

const findingFields = `id kind name place endpointKind endpoint state verdict details firstSeen lastSeen
  quarantineSteps actedAt reports { step done reason }`;
const findingShape = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  place: z.string(),
  endpointKind: z.string(),
  endpoint: z.string(),
  state: z.string(),
  verdict: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  firstSeen: z.string(),
  lastSeen: z.string(),
  quarantineSteps: z.array(z.string()),
  actedAt: z.string().nullable(),
  reports: z.array(z.object({ step: z.string(), done: z.boolean(), reason: z.string().nullable() })),
});
type Finding = z.infer<typeof findingShape>;

const scannedShape = z.object({
  openFindings: z.number(),
  scan: z.object({
    id: z.string(),
    startedAt: z.string(),
    finishedAt: z.string(),
    opened: z.number(),
    endpoints: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        sightings: z.number(),
        unobserved: z.array(z.object({ kind: z.string().nullable(), reason: z.string() })),
      }),
    ),
  }),
});
type Scanned = z.infer<typeof scannedShape>;

const page = z.object({ nodes: z.array(findingShape), pageInfo: z.object({ hasNextPage: z.boolean() }) });

/** `spine cdc scan`: looks at every source and sink now, and tells what carries data away unregistered; then it answers 1. */
export async function scan({ json = false }: { readonly json?: boolean }): Promise<number> {
  const client = createSpineClient(processEnv);
  const scanned = await askGraph(
    client,
    `mutation ScanNow($input: ScanNowInput!) {
      answer: scanNow(input: $input) {
        __typename
        ... on Scanned {
          openFindings
          scan { id startedAt finishedAt opened endpoints { kind name sightings unobserved { kind reason } } }
        }
        ... on UserError { code message }
      }
    }`,
    { input: { idempotencyKey: randomUUID() } },
    scannedShape,
  );
  const list = (state: string) =>
    askGraph(
      client,
      `query Findings($state: FindingState!) {
        answer: findings(first: 100, state: $state) { nodes { ${findingFields} } pageInfo { hasNextPage } }
      }`,
      { state },
      page,
    );
  const open = await list('OPEN');
  const rejected = (await list('REVIEWED')).nodes.filter(({ verdict }) => verdict === 'REJECTED');
  const baseline = await list('BASELINE');
  const findings = [...open.nodes, ...rejected];
  if (json) terminal.json({ ...scanned, findings, baseline: baseline.nodes });
  else print(scanned, findings, `${baseline.nodes.length}${baseline.pageInfo.hasNextPage ? ' or more' : ''}`);
  return scanned.openFindings > 0 ? exitCodes.refused : exitCodes.good;
}

function print({ scan: seen, openFindings }: Scanned, findings: readonly Finding[], baseline: string): void {
  const { colour } = terminal;
  for (const { kind, name, unobserved } of seen.endpoints) {
    for (const spot of unobserved) {
      const what = spot.kind === null ? '' : ` (${words(spot.kind)})`;
      terminal.line(`- ${kind.toLowerCase()} ${name} is not verified${what}: ${spot.reason}`);
    }
  }
  for (const finding of findings) printFinding(finding);
  if (openFindings > findings.length) {
    terminal.line(
      `    and ${openFindings - findings.length} more; the query \`findings\` of the graph has all`,
    );
  }
  const looked = `${seen.endpoints.length} ${seen.endpoints.length === 1 ? 'endpoint' : 'endpoints'}`;
  const review = baseline === '0' ? '' : `; ${baseline} of first contact to be reviewed`;
  terminal.line(
    openFindings === 0
      ? `${colour.green('✓')} nobody unregistered at ${looked}${review}`
      : `${colour.red('✗')} ${openFindings} open at ${looked}${review}`,
  );
}

function printFinding({ id, kind, name, place, firstSeen, reports, quarantineSteps }: Finding): void {
  const { colour } = terminal;
  terminal.line(`${colour.red('✗')} ${words(kind)} ${colour.bold(name)}, ${place}`);
  terminal.line(`    finding ${id}, first seen ${firstSeen}`);
  if (reports.length === 0) for (const step of quarantineSteps) terminal.line(`    to do: ${step}`);
  for (const { step, done, reason } of reports) {
    terminal.line(`    ${done ? 'done' : 'not done'}: ${step}${reason === null ? '' : ` (${reason})`}`);
  }
  terminal.line(`    next: spine cdc review ${id} approve --note 'who answers for it'`);
}

function words(kind: string): string {
  return kind.toLowerCase().replaceAll('_', ' ');
}
