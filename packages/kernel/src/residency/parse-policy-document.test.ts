import { expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { parsePolicyDocument } from './parse-policy-document.ts';

const rule = { id: 'r', effect: 'allow', match: {}, rationale: 'because' };

function faultsOf(document: unknown): string[] {
  try {
    parsePolicyDocument(document);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe('INPUT_INVALID');
    return (error.extensions['faults'] as { path: string; message: string }[]).map(
      ({ path, message }) => `${path} ${message}`,
    );
  }
  return [];
}

test('an empty document is a valid one: it allows nothing', () => {
  expect(parsePolicyDocument({})).toEqual({
    regions: [],
    sources: [],
    sinks: [],
    classification: [],
    residency: { rules: [], exceptions: [] },
  });
});

test('every fault is named at once, with its place', () => {
  expect(
    faultsOf({
      regionz: [],
      classification: [{ dataset: 'shop', class: 'secret' }],
      residency: { rules: [{ ...rule, effect: 'maybe', match: { to: ['EUU'] } }, rule] },
    }),
  ).toEqual([
    '/regionz unknown key',
    '/classification/0/dataset expected source.schema.table; * stands for any run of characters',
    '/classification/0/class expected one of public, internal, confidential, restricted',
    '/residency/rules/0/effect expected one of allow, deny',
    "/residency/rules/0/match/to/0 'EUU' is no jurisdiction, country or region",
    "/residency 'r' stands twice",
  ]);
});

test.each([
  ['a place of one’s own may be named', [{ name: 'on-prem-fra', country: 'DE' }], []],
  [
    'a country that does not exist',
    [{ name: 'x', country: 'XX' }],
    ['/regions/0/country not an ISO 3166-1 country code'],
  ],
  [
    'a cloud region moved abroad',
    [{ name: 'us-east-1', country: 'DE' }],
    ['/regions/0 us-east-1 is a region of aws in US'],
  ],
  [
    'a region called like a jurisdiction',
    [{ name: 'EU', country: 'US' }],
    ['/regions/0/name EU already names a jurisdiction'],
  ],
])('regions: %s', (_what, regions, faults) => {
  expect(faultsOf({ regions })).toEqual(faults);
});

test('only a token can keep a format, and what is shortened has a length', () => {
  const keeping = (obligation: object) =>
    faultsOf({ residency: { rules: [{ ...rule, obligations: [{ fields: ['pii'], ...obligation }] }] } });
  expect(keeping({ type: 'tokenise', keep: 'format' })).toEqual([]);
  expect(keeping({ type: 'hash', keep: 'format' })).toEqual([
    '/residency/rules/0/obligations/0/keep only tokenise can keep a format',
  ]);
  expect(keeping({ type: 'tokenise', keep: 'length' })).toHaveLength(1);
  expect(keeping({ type: 'truncate', to: 3 })).toEqual([]);
  for (const wrong of [{ type: 'truncate' }, { type: 'truncate', to: 0 }, { type: 'hash', to: 3 }]) {
    expect(keeping(wrong)).toHaveLength(1);
  }
});

test('a denial with obligations makes no sense', () => {
  expect(faultsOf({ residency: { rules: [{ ...rule, effect: 'deny', obligations: [] }] } })).toEqual([
    '/residency/rules/0/obligations a denial has no obligations',
  ]);
});

test.each([null, [], 'x', 7])('%j is not a document', (value) => {
  expect(faultsOf(value)).toEqual([' expected an object']);
});
