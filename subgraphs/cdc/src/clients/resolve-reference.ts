import { Problem } from '@spine/kernel/problem';

export interface ReferenceResolver {
  /** The connection URL behind `env:NAME` or `embedded:NAME`. Throws Problem SECRET_MISSING naming the variable. */
  url(reference: string): string;
  /** The bytes of a key behind `env:NAME`. */
  key(reference: string): Buffer;
}

/** Resolves what spine.yaml only names. Values never enter an error or a log. */
export function createReferenceResolver(config: {
  readonly embeddedUrl: string | null;
  readonly readSecret: (name: string) => string | undefined;
}): ReferenceResolver {
  function read(name: string): string {
    const value = config.readSecret(name);
    if (value === undefined || value === '') {
      throw new Problem('SECRET_MISSING', `the environment variable ${name} is not set`, {
        fix: `Set ${name} where the cdc service and its workers run; spine.yaml names it.`,
      });
    }
    return value;
  }
  return {
    url(reference) {
      const [scheme, name = ''] = splitOnce(reference);
      if (scheme === 'env') return read(name);
      if (config.embeddedUrl === null) {
        throw new Problem(
          'CONFIG_INVALID',
          `${reference} needs the embedded Postgres, and this process has none`,
          {
            fix: 'Run under `spine up` without SPINE_DATABASE_URL, or give the URL as env:NAME.',
          },
        );
      }
      const url = new URL(config.embeddedUrl);
      url.pathname = `/${name}`;
      return url.toString();
    },
    key: (reference) => Buffer.from(read(splitOnce(reference)[1] ?? ''), 'utf8'),
  };
}

function splitOnce(reference: string): [string, string] {
  const colon = reference.indexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}
