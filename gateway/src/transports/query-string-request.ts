import { isRecord } from '../links/is-record.ts';

/** A GraphQL request in the query string, where variables and extensions are JSON; what is no JSON stays the text it is. */
export function queryStringRequest(query: unknown): unknown {
  if (!isRecord(query)) return query;
  const { variables, extensions } = query;
  return {
    ...query,
    ...(variables !== undefined && { variables: parsed(variables) }),
    ...(extensions !== undefined && { extensions: parsed(extensions) }),
  };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
