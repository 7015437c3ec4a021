import { authorizationOf } from './session-token.ts';

/** A named operation, ready to run. */
export interface Example {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** What it is good for; empty where nothing is said. */
  readonly about: string;
  readonly query: string;
  /** JSON text; null where it takes none. */
  readonly variables: string | null;
}

/** What the gateway tells its page. */
export interface Settings {
  /** In dev mode nobody has to prove anything. */
  readonly mode: 'dev' | 'tokens';
  readonly examples: readonly Example[];
}

/** Asks the gateway that serves this page. Examples are filled in with what the token's bearer may see. */
export async function loadSettings(token: string): Promise<Settings> {
  const response = await fetch('/graphiql/settings.json', { headers: authorizationOf(token) });
  if (!response.ok) throw new Error(`the gateway answered with status ${response.status}`);
  // Gateway and page are one release: what it sends is what this type says.
  const settings: Settings = await response.json();
  return settings;
}
