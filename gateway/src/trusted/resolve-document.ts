import { createLru } from '@spine/platform/lru';
import { GraphQLError } from 'graphql';
import { isRecord } from '../links/is-record.ts';
import { documentId, hashOf, type Manifest } from './parse-manifest.ts';

/** off: any document. audit: any document, those that are not in the manifest counted. enforce: only the manifest's. */
export type TrustedMode = 'off' | 'audit' | 'enforce';

export interface TrustedOptions {
  readonly mode: TrustedMode;
  readonly manifest: () => Manifest;
  /** Told of each document that is not in the manifest and runs nevertheless, by its sha256. */
  readonly onUntrusted: (hash: string) => void;
}

/** What a request says of its document: the text, its id, or both. */
export interface DocumentSource {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** The text of the document that a request means, or why it is refused. */
export type ResolveDocument = (request: DocumentSource) => string | readonly GraphQLError[];

/**
 * Creates what finds a request's document. An id comes as `documentId` (graphql-over-http, Appendix A) or as
 * `extensions.persistedQuery.sha256Hash`; nothing is ever registered by a request. The rule is one for every transport.
 */
export function createResolveDocument({ mode, manifest, onUntrusted }: TrustedOptions): ResolveDocument {
  // Hashing a long document costs more than knowing it again.
  const hashes = createLru<string, string>(1_000);
  const hashOnce = (text: string): string => {
    const known = hashes.get(text) ?? hashOf(text);
    hashes.set(text, known);
    return known;
  };

  return (request) => {
    const { query } = request;
    const id = idOf(request);
    if (Array.isArray(id)) return id;
    if (query !== undefined && query !== null && typeof query !== 'string') {
      return refusal('BAD_REQUEST', 'the query is not a text');
    }
    // Protocols that demand a query are given an empty one.
    const text = query === null || (query === '' && id !== undefined) ? undefined : query;
    if (mode === 'off') {
      if (id !== undefined && text === undefined) return unsupported;
      return text ?? noDocument;
    }
    if (id === undefined) {
      if (text === undefined) return noDocument;
      const hash = hashOnce(text);
      if (manifest().has(hash)) return text;
      if (mode === 'enforce') return untrusted('a document of its own', hash);
      onUntrusted(hash);
      return text;
    }
    const trusted = manifest().get(id);
    if (text !== undefined && text !== trusted) {
      // Apollo's clients register a document by sending it with its hash.
      if (mode === 'enforce') return untrusted('a document to register', id);
      const hash = hashOnce(text);
      if (hash !== id) return refusal('BAD_REQUEST', 'the id and the query are of different documents');
      onUntrusted(hash);
      return text;
    }
    return trusted ?? untrusted('an unknown id', id);
  };
}

function idOf({ documentId: given, extensions }: DocumentSource): string | undefined | GraphQLError[] {
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const hash = isRecord(persisted) ? persisted['sha256Hash'] : undefined;
  const id = given ?? hash;
  if (id === undefined || id === null) {
    return persisted === undefined || persisted === null
      ? undefined
      : [...refusal('BAD_REQUEST', 'persistedQuery has no sha256Hash')];
  }
  if (typeof id !== 'string' || id === '')
    return [...refusal('BAD_REQUEST', 'the document id is not a text')];
  return documentId(id);
}

const noDocument = refusal('BAD_REQUEST', 'the request has no query');

// The word on which Apollo's clients send the document itself.
const unsupported = refusal(
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'documents are not kept here by id; send the query',
);

function untrusted(what: string, id: string): readonly GraphQLError[] {
  return refusal(
    'DOCUMENT_NOT_TRUSTED',
    `${what} is not run here: ${id.slice(0, 100)} is not in the manifest`,
  );
}

function refusal(code: string, message: string): readonly GraphQLError[] {
  return [new GraphQLError(message, { extensions: { code } })];
}
