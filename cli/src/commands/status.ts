import { Problem } from '@spine/kernel/problem';
import { type RouteStatus, readRouteStatus } from '../client/route-status.ts';
import { readRunFile } from '../client/run-file.ts';
import { createSpineClient } from '../client/spine-client.ts';
import { homeOf, processEnv } from '../config.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Terminal, terminal } from '../terminal.ts';

/** `spine status`: URLs, routes, tables, lag. Answers 3 when nothing runs, 1 when a route has failed. */
export async function status(options: {
  readonly json?: boolean;
  /** Only this route. */
  readonly route?: string | undefined;
}): Promise<number> {
  const home = homeOf(processEnv);
  const run = readRunFile(home);
  const client = createSpineClient(processEnv);
  if (run === undefined && processEnv['SPINE_CDC_URL'] === undefined) {
    throw new Problem('SERVICE_UNAVAILABLE', `nothing runs in ${home}`, {
      fix: 'Start it with `spine up`, or set SPINE_HOME to the home of one that runs.',
    });
  }
  const routes = (await readRouteStatus(client)).filter(
    ({ name }) => options.route === undefined || name === options.route,
  );
  if (options.route !== undefined && routes.length === 0) {
    throw new Problem('ROUTE_NOT_FOUND', `there is no route ${options.route}`, {
      fix: '`spine status` lists the routes.',
    });
  }
  const urls = client.known();
  const failed = routes.some((route) => route.state === 'failed');
  if (options.json) {
    terminal.json({
      home,
      pid: run?.pid ?? null,
      mode: run?.mode ?? null,
      urls: {
        ...urls,
        ...(urls.gateway !== undefined && {
          graphql: `${urls.gateway}/graphql`,
          graphiql: `${urls.gateway}/graphiql`,
        }),
        ...(run?.postgres !== undefined && { postgres: run.postgres }),
      },
      routes,
    });
  } else {
    if (urls.gateway !== undefined) {
      terminal.line(`gateway   ${urls.gateway}/graphql   explorer ${urls.gateway}/graphiql`);
    }
    if (run !== undefined) {
      terminal.line(
        `home      ${home}   pid ${run.pid}   ${run.mode === 'dev' ? 'dev mode: no auth, loopback only' : ''}`,
      );
    }
    for (const route of routes) printRoute(terminal, route);
    if (routes.length === 0) terminal.line('no routes; declare them in spine.yaml and run `spine apply`');
  }
  return failed ? exitCodes.refused : exitCodes.good;
}

/** One route and what of its tables is worth a line. */
function printRoute(to: Terminal, route: RouteStatus): void {
  const { colour } = to;
  const paint =
    route.state === 'streaming' ? colour.green : route.state === 'failed' ? colour.red : colour.yellow;
  const lag =
    route.lag === null
      ? ''
      : `lag ${route.lag.seconds.toFixed(2)} s (p95 ${(route.lag.p95Seconds * 1000).toFixed(0)} ms)`;
  to.line(
    `\n${colour.bold(route.name)}  ${route.source} -> ${route.sink}  ${paint(route.state)}  ${lag}  ${route.rowsApplied} rows`,
  );
  if (route.stateReason !== null) to.line(`  ${colour.yellow(route.stateReason)}`);
  for (const table of route.tables) {
    const rows = table.rowsEstimated === null ? '' : `${table.rowsCopied} of ${table.rowsEstimated} copied`;
    const reason = table.reason === null ? '' : colour.yellow(` ${table.reason}`);
    to.line(
      `  ${`${table.schema}.${table.table}`.padEnd(32)} ${table.state.padEnd(12)} ${colour.dim(rows)}${reason}`,
    );
  }
}
