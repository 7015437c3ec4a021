import { errorOfAnswer, type GraphError, SpineError } from './spine-error.ts';
import type { TypedDocument } from './typed-document.ts';

export interface AskOptions {
  readonly url: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly documents: 'text' | 'id';
  readonly timeoutMs: number;
}

export interface AnswerOptions {
  /** Gives the operation up. */
  readonly signal?: AbortSignal;
}

/** Makes what sends one operation and gives its data, or throws SpineError. */
export function askOverHttp({ url, headers, fetch, documents, timeoutMs }: AskOptions) {
  return async <Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: unknown,
    { signal }: AnswerOptions = {},
  ): Promise<Data> => {
    const late = AbortSignal.timeout(timeoutMs);
    const what = documents === 'id' ? { documentId: document.id } : { query: document.toString() };
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers(),
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
        },
        body: JSON.stringify({ ...what, variables }),
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      });
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      if (late.aborted) throw new SpineError('TIMEOUT', `no answer within ${timeoutMs} ms`, { cause });
      throw new SpineError('SERVICE_UNAVAILABLE', `no answer from ${url}`, { cause });
    }
    return readAnswer<Data>(text, response.status);
  };
}

function readAnswer<Data>(text: string, status: number): Data {
  const answer = parseAnswer<Data>(text);
  if (answer === undefined) {
    throw new SpineError('SERVICE_UNAVAILABLE', `status ${status}, and no answer of GraphQL`, { status });
  }
  const { data, errors = [] } = answer;
  if (data == null || errors.length > 0) throw errorOfAnswer(errors, { data, status });
  return data;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphError[];
}

/** Undefined for what is no answer of GraphQL: a proxy's page, say. */
function parseAnswer<Data>(text: string): Answer<Data> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isAnswer<Data>(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** That data has the type which its document says is the gateway's promise: it validated and completed the operation. */
function isAnswer<Data>(value: unknown): value is Answer<Data> {
  if (typeof value !== 'object' || value === null) return false;
  const errors = 'errors' in value ? value.errors : undefined;
  return ('data' in value || errors !== undefined) && (errors === undefined || Array.isArray(errors));
}
