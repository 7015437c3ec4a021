import { expect, test, vi } from 'vitest';
import { hashOf, parseManifest } from './parse-manifest.ts';
import { createResolveDocument, type DocumentSource, type TrustedMode } from './resolve-document.ts';

const known = 'query Known { a }';
const other = 'query Other { b }';
const manifest = parseManifest(JSON.stringify({ [hashOf(known)]: known, 'custom-id': other }));

function ask(mode: TrustedMode, request: DocumentSource) {
  const onUntrusted = vi.fn();
  const answer = createResolveDocument({ mode, manifest: () => manifest, onUntrusted })(request);
  const code =
    typeof answer === 'string' ? answer : answer.map(({ extensions }) => extensions['code']).join();
  return onUntrusted.mock.calls.length > 0 ? `${code} (counted)` : code;
}
const apq = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

test.each<[string, DocumentSource, { off: string; audit: string; enforce: string }]>([
  [
    'a document that is not in the manifest',
    { query: '{ free }' },
    { off: '{ free }', audit: '{ free } (counted)', enforce: 'DOCUMENT_NOT_TRUSTED' },
  ],
  ["the manifest's own text", { query: known }, { off: known, audit: known, enforce: known }],
  [
    'a documentId',
    { documentId: hashOf(known) },
    { off: 'PERSISTED_QUERY_NOT_SUPPORTED', audit: known, enforce: known },
  ],
  [
    'a documentId with its prefix',
    { documentId: `sha256:${hashOf(known)}` },
    { off: 'PERSISTED_QUERY_NOT_SUPPORTED', audit: known, enforce: known },
  ],
  [
    'an id that is no hash',
    { documentId: 'custom-id' },
    { off: 'PERSISTED_QUERY_NOT_SUPPORTED', audit: other, enforce: other },
  ],
  [
    'a persisted query',
    { extensions: apq(hashOf(known)) },
    { off: 'PERSISTED_QUERY_NOT_SUPPORTED', audit: known, enforce: known },
  ],
  [
    'an unknown id',
    { documentId: hashOf('{ free }') },
    { off: 'PERSISTED_QUERY_NOT_SUPPORTED', audit: 'DOCUMENT_NOT_TRUSTED', enforce: 'DOCUMENT_NOT_TRUSTED' },
  ],
  [
    'a registration',
    { query: '{ free }', extensions: apq(hashOf('{ free }')) },
    { off: '{ free }', audit: '{ free } (counted)', enforce: 'DOCUMENT_NOT_TRUSTED' },
  ],
  [
    'a text under the id of another',
    { query: '{ free }', documentId: hashOf(known) },
    { off: '{ free }', audit: 'BAD_REQUEST', enforce: 'DOCUMENT_NOT_TRUSTED' },
  ],
  [
    'a name of every object',
    { documentId: '__proto__' },
    {
      off: 'PERSISTED_QUERY_NOT_SUPPORTED',
      audit: 'DOCUMENT_NOT_TRUSTED',
      enforce: 'DOCUMENT_NOT_TRUSTED',
    },
  ],
  ['nothing', {}, { off: 'BAD_REQUEST', audit: 'BAD_REQUEST', enforce: 'BAD_REQUEST' }],
  ['a number', { query: 1 }, { off: 'BAD_REQUEST', audit: 'BAD_REQUEST', enforce: 'BAD_REQUEST' }],
  [
    'a persisted query without a hash',
    { query: known, extensions: apq(undefined) },
    { off: 'BAD_REQUEST', audit: 'BAD_REQUEST', enforce: 'BAD_REQUEST' },
  ],
])('%s is answered as each mode says', (_, request, expected) => {
  const answers = {
    off: ask('off', request),
    audit: ask('audit', request),
    enforce: ask('enforce', request),
  };
  expect(answers).toEqual(expected);
});
