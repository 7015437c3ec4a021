/** Remembers which methods each route takes, so that a wrong method is told from a wrong path. */
export interface AllowedMethods {
  add(method: string | readonly string[], pattern: string): void;
  /** The methods of the routes that fit a path; empty when none does. */
  of(path: string): readonly string[];
}

/** Starts with no routes. Understands `:name` and a final `*`. */
export function createAllowedMethods(): AllowedMethods {
  const routes = new Map<string, { readonly fits: RegExp; readonly methods: Set<string> }>();
  return {
    add(method, pattern) {
      const route = routes.get(pattern) ?? { fits: patternOf(pattern), methods: new Set() };
      for (const name of typeof method === 'string' ? [method] : method) route.methods.add(name);
      routes.set(pattern, route);
    },
    of(path) {
      const bare = path.split('?', 1)[0] ?? path;
      const methods = [...routes.values()]
        .filter((route) => route.fits.test(bare))
        .flatMap((r) => [...r.methods]);
      return [...new Set(methods)].sort();
    },
  };
}

function patternOf(pattern: string): RegExp {
  const parts = pattern
    .replace(/[.+?^${}|[\]\\]/g, '\\$&')
    .replace(/:\w+(\([^)]*\))?/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${parts}$`);
}
