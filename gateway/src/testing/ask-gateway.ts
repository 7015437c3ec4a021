/** What a gateway answered over HTTP. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was answered
  readonly body: any;
}

/** Asks a gateway over HTTP, as JSON. */
export async function askGateway(
  url: string,
  query: string,
  options: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly operationName?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<GatewayAnswer> {
  const { variables, operationName, headers, signal } = options;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
    ...(signal !== undefined && { signal }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
