import { isRecord } from '../links/is-record.ts';

/**
 * For JSON.parse of a message of graphql-transport-ws, which demands a query: one that names its document by an id gets an
 * empty query, and the door finds the document.
 */
export function reviveMessage(key: string, value: unknown): unknown {
  if (key !== 'payload' || !isRecord(value) || value['query'] !== undefined) return value;
  const { documentId, extensions } = value;
  const named =
    documentId !== undefined || (isRecord(extensions) && extensions['persistedQuery'] !== undefined);
  return named ? { ...value, query: '' } : value;
}
