import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { countDeadLetters } from '../../store/dead-letters.ts';
import { listTables } from '../../store/route-tables.ts';
import { routesOfDatasets, viewRoutes } from '../../usecases/find-routes.ts';
import type { CdcContext } from './cdc-context.ts';
import { DatasetType, DeadLetterCounts, RouteConnection, RouteTableType, RouteType } from './route-types.ts';
import { toRoute } from './to-route.ts';

@Resolver(() => RouteType)
export class RouteResolver {
  @Query(() => RouteType, { nullable: true })
  async route(@Arg('name', () => ID) name: string, @Ctx() context: CdcContext): Promise<RouteType | null> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    return await findRouteType(context, name);
  }

  @Query(() => RouteConnection, { description: 'Every route, by name.' })
  async routes(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: CdcContext,
  ): Promise<Connection<RouteType>> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    const page = pageArgs(first, after);
    const behind = page.after?.[0] ?? '';
    const routes = (await viewRoutes(context.database, context.clock.now())).filter(
      (route) => route.name > behind,
    );
    return toConnection(page, routes, { node: toRoute, keyset: (route) => [route.name] });
  }

  @FieldResolver(() => DeadLetterCounts)
  async deadLetters(@Root() route: RouteType, @Ctx() context: CdcContext): Promise<DeadLetterCounts> {
    const loader = context.loaders.get(
      'deadLetters',
      () =>
        new DataLoader<string, DeadLetterCounts>(async (names) => {
          const counts = new Map(
            (await countDeadLetters(context.database.kysely, names)).map((count) => [count.route, count]),
          );
          return names.map((name) => {
            const { open = 0, parked = 0 } = counts.get(name) ?? {};
            return Object.assign(new DeadLetterCounts(), { open, parked });
          });
        }),
    );
    return await loader.load(route.name);
  }

  @FieldResolver(() => [RouteTableType])
  async tables(@Root() route: RouteType, @Ctx() context: CdcContext): Promise<RouteTableType[]> {
    const loader = context.loaders.get(
      'routeTables',
      () =>
        new DataLoader<string, RouteTableType[]>(async (names) => {
          const tables = await listTables(context.database.kysely, names);
          return names.map((name) =>
            tables
              .filter((table) => table.route === name)
              .map((table) =>
                Object.assign(new RouteTableType(), {
                  ...table,
                  rowsCopied: Number(table.rowsCopied),
                  rowsEstimated: table.rowsEstimated === null ? null : Number(table.rowsEstimated),
                }),
              ),
          );
        }),
    );
    return await loader.load(route.name);
  }
}

@Resolver(() => DatasetType)
export class DatasetResolver {
  @FieldResolver(() => [RouteType], { description: 'The routes that read or write it.' })
  async routes(@Root() dataset: DatasetType, @Ctx() context: CdcContext): Promise<RouteType[]> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    const loader = context.loaders.get(
      'routesOfDatasets',
      () =>
        new DataLoader<DatasetType, RouteType[], string>(
          async (datasets) => {
            const found = await routesOfDatasets(context.database, context.clock.now(), datasets);
            return found.map((routes) => routes.map(toRoute));
          },
          { cacheKeyFn: ({ namespace, name }) => `${namespace}\n${name}` },
        ),
    );
    return await loader.load(dataset);
  }
}

/** One route as the graph shows it, or null. */
export async function findRouteType(context: CdcContext, name: string): Promise<RouteType | null> {
  const loader = context.loaders.get(
    'routes',
    () =>
      new DataLoader<string, RouteType | null>(async (names) => {
        const routes = new Map(
          (await viewRoutes(context.database, context.clock.now())).map((route) => [route.name, route]),
        );
        return names.map((wanted) => {
          const route = routes.get(wanted);
          return route === undefined ? null : toRoute(route);
        });
      }),
  );
  return await loader.load(name);
}
