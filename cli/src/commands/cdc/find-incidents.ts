import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { isProblemCode } from '../../client/is-problem-code.ts';
import type { SpineClient } from '../../client/spine-client.ts';

const incidentShape = z.object({
  id: z.string(),
  route: z.object({ name: z.string() }),
  schema: z.string(),
  table: z.string(),
  subject: z.string(),
  reason: z.string(),
  breaches: z.array(z.object({ kind: z.string(), path: z.string(), message: z.string() })),
  requiredVersion: z.string().nullable(),
  proposedSchema: z.string(),
  waysOut: z.array(z.string()),
  openedAt: z.string(),
});

export type Incident = z.infer<typeof incidentShape>;

const answerShape = z.object({
  data: z
    .object({
      incidents: z.object({
        nodes: z.array(incidentShape),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    })
    .nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose().optional() }))
    .optional(),
});

const query = `query Incidents($after: String) {
  incidents(first: 100, after: $after) {
    nodes {
      id route { name } schema table subject reason breaches { kind path message }
      requiredVersion proposedSchema waysOut openedAt
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Every open incident, newest first; of one route when it is named. */
export async function findIncidents(client: SpineClient, route?: string): Promise<readonly Incident[]> {
  const found: Incident[] = [];
  for (let after: string | null = null; ; ) {
    const asked: unknown = await client.post('gateway', '/graphql', { query, variables: { after } });
    const { data, errors } = answerShape.parse(asked);
    if (!data) {
      const code = errors?.[0]?.extensions?.code ?? 'INTERNAL';
      const message = errors?.[0]?.message ?? 'the gateway answered nothing';
      throw new Problem(isProblemCode(code) ? code : 'INTERNAL', message);
    }
    found.push(...data.incidents.nodes);
    if (!data.incidents.pageInfo.hasNextPage) break;
    after = data.incidents.pageInfo.endCursor;
  }
  return route === undefined ? found : found.filter((incident) => incident.route.name === route);
}
