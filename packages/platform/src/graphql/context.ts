import type { Principal } from '../auth/principal.ts';
import type { Log } from '../log/create-log.ts';

/** What every resolver gets; a service's own context extends it with what its use cases need. One for each request or subscribe. */
export interface GraphContext {
  readonly principal: Principal;
  readonly requestId: string;
  readonly log: Log;
  readonly loaders: Loaders;
}

/** The DataLoaders of one request. */
export interface Loaders {
  /** The loader under `key`, made at its first use in this request. A key always goes with the same `create`. */
  get<Loader>(key: string, create: () => Loader): Loader;
}

/** The context of one request. */
export function createGraphContext(of: {
  readonly principal: Principal;
  readonly requestId: string;
  readonly log: Log;
}): GraphContext {
  return { principal: of.principal, requestId: of.requestId, log: of.log, loaders: createLoaders() };
}

/** Starts without loaders. */
export function createLoaders(): Loaders {
  const loaders = new Map<string, unknown>();
  return {
    get<Loader>(key: string, create: () => Loader): Loader {
      if (!loaders.has(key)) loaders.set(key, create());
      // What is under a key was made by the same `create`: that is what the key promises.
      return loaders.get(key) as Loader;
    },
  };
}
