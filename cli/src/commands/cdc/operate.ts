import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { isProblemCode } from '../../client/is-problem-code.ts';
import { type RouteStatus, readRouteStatus } from '../../client/route-status.ts';
import { createSpineClient, type SpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';
import { createStatusLine } from '../../up/status-line.ts';

export interface OperateOptions {
  readonly reason?: string;
  /** For a resnapshot; none means all. */
  readonly tables?: readonly string[];
  readonly wait?: boolean;
  readonly json?: boolean;
}

type Operation = 'pauseRoute' | 'resumeRoute' | 'resnapshotTables';

const done: Readonly<Record<Operation, string>> = {
  pauseRoute: 'rests once its batch has ended; the source keeps its WAL until `spine cdc resume`',
  resumeRoute: 'goes on after its checkpoint',
  resnapshotTables: 'copies its tables in full again',
};

const answerShape = z.object({
  data: z
    .object({
      operated: z.object({
        __typename: z.string(),
        code: z.string().optional(),
        message: z.string().optional(),
        route: z.object({ name: z.string(), state: z.string() }).optional(),
      }),
    })
    .nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose().optional() }))
    .optional(),
});

/** `spine cdc pause|resume|resnapshot`: asks the graph, so that the gateway's audit log has who did it. */
export async function operate(operation: Operation, route: string, options: OperateOptions): Promise<number> {
  const { reason, tables = [], wait = false, json = false } = options;
  const client = createSpineClient(processEnv);
  const input = {
    idempotencyKey: randomUUID(),
    route,
    ...(reason !== undefined && { reason }),
    ...(tables.length > 0 && { tables }),
  };
  const type = operation === 'resnapshotTables' ? 'ResnapshotTablesInput' : 'OperateRouteInput';
  const query = `mutation Operate($input: ${type}!) {
    operated: ${operation}(input: $input) {
      __typename
      ... on RouteOperated { route { name state } }
      ... on UserError { code message }
    }
  }`;
  const answer = answerShape.parse(await client.post('gateway', '/graphql', { query, variables: { input } }));
  const operated = answer.data?.operated;
  if (operated?.route === undefined) throw refusalOf(operated ?? {}, answer.errors?.[0]);
  if (!json) terminal.line(`${terminal.colour.bold(route)} ${done[operation]}`);
  const end = wait ? await untilCopied(client, route, json) : undefined;
  if (json) terminal.json({ route: end ?? operated.route, operation });
  return end?.state === 'failed' ? exitCodes.refused : exitCodes.good;
}

/** Shows the copies until the route streams or cannot; the first looks may come before the worker has heard of it. */
async function untilCopied(client: SpineClient, name: string, quiet: boolean): Promise<RouteStatus> {
  const line = createStatusLine(terminal, !quiet && process.stdout.isTTY === true);
  let begun = false;
  for (let looks = 0; ; looks += 1) {
    const route = (await readRouteStatus(client)).find((each) => each.name === name);
    if (route === undefined) throw new Problem('ROUTE_NOT_FOUND', `route ${name} was removed meanwhile`);
    if (!quiet) line.show([route]);
    begun ||= route.state !== 'streaming' || looks > 20;
    const copying = route.tables.some(({ state }) => state === 'pending' || state === 'snapshotting');
    if (begun && !copying && ['streaming', 'failed', 'denied', 'paused'].includes(route.state)) {
      if (!quiet) line.end();
      return route;
    }
    await sleep(250);
  }
}

function refusalOf(
  operated: { readonly code?: string | undefined; readonly message?: string | undefined },
  error:
    | { readonly message: string; readonly extensions?: { readonly code: string } | undefined }
    | undefined,
): Problem {
  const code = operated.code ?? error?.extensions?.code ?? 'INTERNAL';
  const message = operated.message ?? error?.message ?? 'the gateway answered nothing';
  return new Problem(isProblemCode(code) ? code : 'INTERNAL', message);
}
