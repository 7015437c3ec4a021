import { expect, test } from 'vitest';
import { negotiateMedia, type ResponseMedia, responseStatus } from './response-status.ts';

const plain = 'application/json';
const graphql = 'application/graphql-response+json';

test.each<[string | undefined, ResponseMedia | null]>([
  [undefined, plain],
  ['', plain],
  ['*/*', plain],
  ['application/*', plain],
  [graphql, graphql],
  [`${graphql}; charset=utf-8, ${plain};q=0.9`, graphql],
  [`${plain}, ${graphql}`, plain],
  [`${graphql};q=0.1, */*;q=0.5`, plain],
  ['text/html', null],
  [`${plain};q=0`, null],
  ['*/*, application/json;q=0', graphql],
  [';;;,,q=x', null],
])('Accept: %s is answered as %s', (accept, media) => {
  expect(negotiateMedia(accept)).toBe(media);
});

test.each<[ResponseMedia, string, number]>([
  [plain, 'GRAPHQL_PARSE_FAILED', 200],
  [graphql, 'GRAPHQL_PARSE_FAILED', 400],
  [plain, 'OPERATION_TOO_LARGE', 200],
  [graphql, 'OPERATION_TOO_LARGE', 400],
  [plain, 'BAD_REQUEST', 400],
  [plain, 'RATE_LIMITED', 429],
  [graphql, 'RATE_LIMITED', 429],
  [plain, 'FORBIDDEN', 200],
  [graphql, 'FORBIDDEN', 403],
  [graphql, 'SERVICE_UNAVAILABLE', 503],
])('as %s a refusal by %s has status %i', (media, code, status) => {
  expect(responseStatus(media, { ran: false, code })).toBe(status);
});

test('an operation that ran is 200, whatever its errors', () => {
  expect(responseStatus(graphql, { ran: true, code: 'INTERNAL' })).toBe(200);
});
