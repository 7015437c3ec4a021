import type { Principal } from '../auth/principal.ts';
import type { Log } from '../log/create-log.ts';

/** What every resolver may ask of its request. Services add their own members in an interface that extends this one. */
export interface GraphContext {
  readonly principal: Principal;
  readonly requestId: string;
  readonly log: Log;
  readonly loaders: LoaderCache;
}

/** DataLoaders of one request: made at first use, gone with the request. */
export interface LoaderCache {
  get<L>(key: object, create: () => L): L;
}

/** A fresh cache; `key` is a module constant or the function that loads. */
export function createLoaderCache(): LoaderCache {
  const loaders = new Map<object, unknown>();
  return {
    get<L>(key: object, create: () => L): L {
      const known = loaders.get(key);
      // One key is only ever used with one create: the value is what that create made.
      if (known !== undefined) return known as L;
      const made = create();
      loaders.set(key, made);
      return made;
    },
  };
}
