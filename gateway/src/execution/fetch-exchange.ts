import type { FetchNode } from '@apollo/query-planner';
import { invariant } from '@spine/kernel/invariant';
import type { Problem } from '@spine/kernel/problem';
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { askSubgraph } from './ask-subgraph.ts';
import { fieldsLeftEmpty } from './fields-left-empty.ts';
import { pathsTo, type ResponsePath } from './flatten.ts';
import type { PlanRun } from './plan-run.ts';
import type { PlanSite } from './plan-site.ts';
import { compileRewrites, type Rewrite } from './rewrite-tree.ts';
import { subgraphError } from './subgraph-error.ts';
import type { Tree } from './tree.ts';

/** What root fetches and entity fetches have in common: how they ask, and how they tell what went wrong. */
export interface FetchExchange {
  /** The variables that the fetch uses: only those given, and as they were given. */
  variables(run: PlanRun): Tree;
  send(run: PlanRun, variables: Tree): Promise<SubgraphResult | Problem>;
  /** Tells an error of the subgraph: of the object at `at`, `steps` below it. */
  report(
    run: PlanRun,
    error: GraphQLFormattedError,
    at: ResponsePath | undefined,
    steps?: ResponsePath,
  ): void;
  /** Tells that no answer came: one error for each field that stays empty, so that a client sees what is missing, and why. */
  reportFailure(run: PlanRun, problem: Problem, objects: Iterable<EmptyObject>): void;
  /** Turns an answer into the client's words, where the planner asked in others. */
  readonly rewrite: Rewrite | null;
}

/** An object that a fetch left as it was. */
export interface EmptyObject {
  readonly object: Tree;
  /** As what it was asked about; undefined for the root. */
  readonly typename: unknown;
}

/** One thing that went wrong in many places is told of so many. */
export const mostErrors = 20;

/** Compiles what a fetch at a path of the plan has in common with all others. */
export function compileExchange(node: FetchNode, site: PlanSite, path: readonly string[]): FetchExchange {
  const { serviceName, operation, operationName, variableUsages = [], outputRewrites } = node;
  const used = variableUsages.map((name) => ({ name, given: site.names.variable(name) }));
  const clientNames = namesOfClient(node, site);
  const leftEmpty = fieldsLeftEmpty(node, site.schema);

  const report: FetchExchange['report'] = (run, error, at, steps = []) => {
    const path = at === undefined ? undefined : [...at, ...steps].map(toClient);
    run.errors.push(subgraphError(serviceName, error, path));
  };
  const toClient = (step: string | number) =>
    typeof step === 'string' ? (clientNames.get(step) ?? step) : step;

  return {
    variables({ variables }) {
      const picked: Tree = {};
      for (const { name, given } of used) {
        if (Object.hasOwn(variables, given) && variables[given] !== undefined)
          picked[name] = variables[given];
      }
      return picked;
    },
    send(run, variables) {
      const link = run.links.get(serviceName);
      invariant(link !== undefined, `the plan names the unknown subgraph ${serviceName}`);
      return askSubgraph(link, { query: operation, operationName, variables }, run.context, run);
    },
    report,
    reportFailure(run, { message, code, fix }, objects) {
      const extensions = { code, ...(fix !== undefined && { fix }) };
      const paths = pathsTo(run.root, path);
      let left = mostErrors;
      for (const { object, typename } of objects) {
        for (const field of leftEmpty(typename)) {
          if (left === 0) return;
          left -= 1;
          report(run, { message, extensions }, paths.get(object), [field]);
        }
      }
    },
    rewrite: compileRewrites(site.schema, outputRewrites),
  };
}

/** The names that the planner gave to fields for this fetch, and what they stand for in the client's answer. */
function namesOfClient({ outputRewrites = [] }: FetchNode, { names }: PlanSite): ReadonlyMap<string, string> {
  const renamed = new Map(names.aliases);
  for (const rewrite of outputRewrites) {
    const last = rewrite.path.at(-1);
    if (rewrite.kind !== 'KeyRenamer' || last === undefined) continue;
    renamed.set(last, names.aliases.get(rewrite.renameKeyTo) ?? rewrite.renameKeyTo);
  }
  return renamed;
}
