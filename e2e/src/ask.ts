import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, Kind, parse, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

const folder = fileURLToPath(new URL('../../schema/graphql/operations', import.meta.url));
const definitions = readdirSync(folder).flatMap(
  (file) => parse(readFileSync(join(folder, file), 'utf8')).definitions,
);

/** One of the committed operations, such as `Headline` or `SchemaEvolution`, as text. */
export function operation(name: string): string {
  const definition = definitions.find(
    (candidate) => candidate.kind === Kind.OPERATION_DEFINITION && candidate.name?.value === name,
  );
  if (definition === undefined) throw new Error(`no operation ${name} in ${folder}`);
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] };
  return print(document);
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the graph answers
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Asks a gateway over HTTP. */
export async function ask(
  gateway: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<Answer> {
  const response = await fetch(`${gateway}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

/** The JSON that a service answers to a plain call. */
export async function askService(
  url: string,
  { token }: { readonly token?: string | undefined },
): Promise<unknown> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return await response.json();
}

/** Opens a graphql-transport-ws client to a gateway. */
export function subscribeClient(gateway: string, token?: string): Client {
  return createClient({
    url: `${gateway.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
}
