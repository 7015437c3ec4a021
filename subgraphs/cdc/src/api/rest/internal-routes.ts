import { requireRole } from '@spine/platform/auth/authorise';
import type { Clock } from '@spine/platform/clock';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { FastifyInstance } from 'fastify';
import type { ReferenceResolver } from '../../clients/resolve-reference.ts';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { applyRoutes, planRoutes, routesShape } from '../../usecases/apply-routes.ts';
import { dropRoute } from '../../usecases/drop-route.ts';
import { readStatus } from '../../usecases/read-status.ts';
import { endpointsShape, registerEndpoints } from '../../usecases/register-endpoints.ts';

/** What the CLI and the other services ask of cdc (docs/internal-contracts.md). */
export function addInternalRoutes(
  app: FastifyInstance,
  deps: {
    readonly database: Database<CdcTables>;
    readonly resolver: ReferenceResolver;
    readonly embeddedUrl: string | null;
    readonly clock: Clock;
    readonly log: Log;
    /** Called when sources and sinks were registered. */
    readonly onEndpoints: () => void;
  },
): void {
  const { database, clock } = deps;

  app.put('/internal/endpoints', async (request) => {
    requireRole(principalOf(request), 'operator', 'service');
    const registered = await registerEndpoints(deps, parseBody(endpointsShape, request.body), {
      store: true,
    });
    deps.onEndpoints();
    return registered;
  });

  app.post('/internal/endpoints/plan', async (request) => {
    requireRole(principalOf(request), 'operator', 'viewer', 'service');
    return await registerEndpoints(deps, parseBody(endpointsShape, request.body), { store: false });
  });

  app.put('/internal/routes', async (request) => {
    requireRole(principalOf(request), 'operator', 'service');
    const input = parseBody(routesShape, request.body);
    return { changed: await applyRoutes(database, input, (name) => dropRoute(deps, name)) };
  });

  app.post('/internal/routes/plan', async (request) => {
    requireRole(principalOf(request), 'operator', 'viewer', 'service');
    return { changed: await planRoutes(database.kysely, parseBody(routesShape, request.body)) };
  });

  app.get('/internal/status', async (request) => {
    requireRole(principalOf(request), 'viewer', 'operator', 'service');
    return { routes: await readStatus(database, clock.now()) };
  });
}
