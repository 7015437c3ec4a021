import { expect, test } from 'vitest';
import { deprecationHeaders } from './deprecation-headers.ts';

const at = new Date('2030-01-01T00:00:00.700Z');

test('a deprecated version says since when and until when, in the words of the RFCs', () => {
  const sunset = new Date('2031-01-01T00:00:00Z');
  expect(deprecationHeaders({ deprecation: { at, sunset, note: 'use 2' } })).toEqual({
    deprecation: '@1893456000',
    sunset: 'Wed, 01 Jan 2031 00:00:00 GMT',
  });
  expect(deprecationHeaders({ deprecation: { at, sunset: null, note: null } })).toEqual({
    deprecation: '@1893456000',
  });
});

test('any other version says nothing', () => {
  expect(deprecationHeaders({ deprecation: null })).toEqual({});
});
