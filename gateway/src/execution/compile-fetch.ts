import type { FetchNode } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import type { CompiledFetch } from './compiled-fetch.ts';
import { entityFetch } from './entity-fetch.ts';
import { compileExchange } from './fetch-exchange.ts';
import type { PlanSite } from './plan-site.ts';
import { rootFetch } from './root-fetch.ts';

/** Compiles one fetch at a path of the plan: of root fields, or of entities for all objects that it is given at once. */
export function compileFetch(node: FetchNode, site: PlanSite, path: readonly string[]): CompiledFetch {
  if (node.contextRewrites !== undefined && node.contextRewrites.length > 0) {
    throw new Problem('NOT_SUPPORTED', 'the gateway does not run plans with @context');
  }
  const exchange = compileExchange(node, site, path);
  return node.requires === undefined
    ? rootFetch(exchange, path)
    : entityFetch(exchange, node.requires, node.inputRewrites, site.schema, path);
}
