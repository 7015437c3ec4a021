import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import type { CompiledFetch } from './compiled-fetch.ts';
import { type EmptyObject, type FetchExchange, mostErrors } from './fetch-exchange.ts';
import { pathsTo } from './flatten.ts';
import { mergeTree } from './merge-tree.ts';
import type { PlanRun } from './plan-run.ts';
import { type Batch, compileRequires } from './represent.ts';
import { compileRewrites } from './rewrite-tree.ts';
import { copyTree, isTree, type Tree } from './tree.ts';

/** A fetch of entities: objects that another subgraph knows more of, found there by their representations. */
export function entityFetch(
  exchange: FetchExchange,
  requires: readonly QueryPlanSelectionNode[],
  inputRewrites: readonly FetchDataRewrite[] | undefined,
  schema: GraphQLSchema,
  path: readonly string[],
): CompiledFetch {
  const { report, reportFailure, rewrite } = exchange;
  const represent = compileRequires(schema, requires, compileRewrites(schema, inputRewrites));
  // What all of the objects have in common of their paths: where an error is that is about none of them.
  const shared = path.includes('@') ? path.slice(0, path.indexOf('@')) : path;

  const reportErrors = (run: PlanRun, batch: Batch, errors: readonly GraphQLFormattedError[]): void => {
    const paths = pathsTo(run.root, path);
    for (const error of errors) {
      const [, index, ...steps] = error.path ?? [];
      const objects = typeof index === 'number' ? objectsOf(batch, index).slice(0, mostErrors) : [];
      if (objects.length === 0) report(run, error, error.path === undefined ? undefined : shared);
      for (const object of objects) report(run, error, paths.get(object), steps);
    }
  };

  const merge = (batch: Batch, entities: readonly unknown[]): void => {
    batch.targets.forEach((target, index) => {
      const entity = entities[index];
      if (!isTree(entity)) return;
      // Rewrites go by type, and the object knows its own where the subgraph was not asked.
      if (!entity['__typename']) entity['__typename'] = target['__typename'];
      rewrite?.(entity);
      for (const equal of batch.equals?.get(index) ?? []) mergeTree(equal, copyTree(entity));
      mergeTree(target, entity);
    });
  };

  const receive = (run: PlanRun, batch: Batch, { data, errors = [] }: SubgraphResult): void => {
    if (errors.length > 0) reportErrors(run, batch, errors);
    const entities = isTree(data) ? data['_entities'] : null;
    if (Array.isArray(entities) && entities.length === batch.targets.length) merge(batch, entities);
    // Without a list after an error, the error is told already.
    else if (Array.isArray(entities) || errors.length === 0) {
      const message = `Expected "data._entities" in response to be an array of ${batch.targets.length} elements`;
      report(run, { message }, shared);
    }
  };

  return {
    receive: (run, objects, result) => receive(run, represent(objects), result),
    async ask(run, objects) {
      const batch = represent(objects);
      if (batch.representations.length === 0) return;
      const variables = exchange.variables(run);
      variables['representations'] = batch.representations;
      const result = await exchange.send(run, variables);
      if (result instanceof Problem) reportFailure(run, result, objectsIn(batch));
      else receive(run, batch, result);
    },
  };
}

/** The objects that a representation stands for. */
function objectsOf({ targets, equals }: Batch, index: number): readonly Tree[] {
  const target = targets[index];
  return target === undefined ? [] : [target, ...(equals?.get(index) ?? [])];
}

function objectsIn(batch: Batch): readonly EmptyObject[] {
  return batch.representations.flatMap((representation, index) =>
    objectsOf(batch, index).map((object) => ({ object, typename: representation['__typename'] })),
  );
}
