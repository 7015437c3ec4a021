import { expect, test } from 'vitest';
import { createRegionTable } from './region.ts';
import { builtInRegions } from './region-catalogue.ts';
import { groupsOf, isCountry, jurisdictionOf } from './region-jurisdictions.ts';

const table = createRegionTable();

test.each([
  ['eu-central-1', 'DE', 'EU'],
  ['eu-central-2', 'CH', 'CH'],
  ['eu-west-2', 'GB', 'UK'],
  ['us-east-1', 'US', 'US'],
  ['mx-central-1', 'MX', 'MX'],
  ['ap-southeast-7', 'TH', 'TH'],
  ['il-central-1', 'IL', 'IL'],
  ['europe-west12', 'IT', 'EU'],
  ['me-central2', 'SA', 'SA'],
  ['africa-south1', 'ZA', 'ZA'],
  ['norwayeast', 'NO', 'EEA'],
  ['germanywestcentral', 'DE', 'EU'],
  ['eastasia', 'HK', 'HK'],
])('%s lies in %s under the law of %s', (name, country, jurisdiction) => {
  expect(table.find(name)).toMatchObject({ country, jurisdiction });
});

test('a region is meant by its groups, its country and its name', () => {
  expect(table.find('eu-central-1')?.terms).toEqual(['EU', 'EEA', 'DE', 'eu-central-1']);
  expect(table.find('us-east-1')?.terms).toEqual(['US', 'us-east-1']);
});

test('the EU has 27 members and the EEA has three more', () => {
  const of = (group: string) =>
    [...new Set(builtInRegions().map(([, country]) => country))].filter((country) =>
      groupsOf(country).includes(group),
    );
  expect(of('EU')).not.toContain('CH');
  expect(of('EU')).not.toContain('GB');
  expect(groupsOf('NO')).toEqual(['EEA']);
  expect(groupsOf('FR')).toEqual(['EU', 'EEA']);
  expect(jurisdictionOf('JP')).toBe('JP');
});

test('every built-in region has a country that exists and a name that stands once', () => {
  const names = builtInRegions().map(([name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(builtInRegions().filter(([, country]) => !isCountry(country))).toEqual([]);
});

test('a region of one’s own joins the jurisdictions of its country', () => {
  const own = createRegionTable([{ name: 'on-prem-fra', country: 'DE' }]);
  expect(own.find('on-prem-fra')).toMatchObject({ provider: 'own', jurisdiction: 'EU' });
  expect(table.find('on-prem-fra')).toBeUndefined();
});

test('a built-in region cannot be moved to another country', () => {
  expect(createRegionTable([{ name: 'us-east-1', country: 'DE' }]).find('us-east-1')?.country).toBe('US');
});
