import { Problem } from '@spine/kernel/problem';
import type { CompiledFetch } from './compiled-fetch.ts';
import type { FetchExchange } from './fetch-exchange.ts';
import { pathsTo } from './flatten.ts';
import { mergeTree } from './merge-tree.ts';
import { copyTree, isTree } from './tree.ts';

/** A fetch of fields that need no representation: of a query, a mutation, or of an event. */
export function rootFetch(exchange: FetchExchange, path: readonly string[]): CompiledFetch {
  const { report, reportFailure, rewrite } = exchange;
  const receive: CompiledFetch['receive'] = (run, objects, { data, errors = [] }) => {
    const [first] = objects;
    if (first === undefined) return;
    for (const error of errors) {
      const at = error.path === undefined ? undefined : (pathsTo(run.root, path).get(first) ?? []);
      report(run, error, at, error.path);
    }
    if (!isTree(data)) return;
    rewrite?.(data);
    for (const object of objects) if (object !== first) mergeTree(object, copyTree(data));
    mergeTree(first, data);
  };
  return {
    receive,
    async ask(run, objects) {
      const result = await exchange.send(run, exchange.variables(run));
      if (!(result instanceof Problem)) return receive(run, objects, result);
      const left = objects.map((object) => ({ object, typename: undefined }));
      reportFailure(run, result, left);
    },
  };
}
