import { Problem } from '@spine/kernel/problem';

/** What a command says of a route that nobody applied. */
export function routeNotFound(route: string): Problem {
  return new Problem('ROUTE_NOT_FOUND', `there is no route ${route}`, {
    fix: '`spine status` lists the routes.',
  });
}
