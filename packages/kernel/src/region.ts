import { builtInRegions, type RegionProvider } from './region-catalogue.ts';
import { groupsOf, jurisdictionOf } from './region-jurisdictions.ts';

/** A place where data lives, and whose law applies there. */
export interface Region {
  readonly name: string;
  readonly provider: RegionProvider;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The narrowest group (EU, UK), else the country. */
  readonly jurisdiction: string;
  /** Every word of `from` and `to` that means this place: groups, country, name. */
  readonly terms: readonly string[];
}

/** A region of one's own, as spine.yaml adds it. */
export interface ExtraRegion {
  readonly name: string;
  readonly country: string;
}

export interface RegionTable {
  /** The region of that exact name; undefined is unknown, and unknown is denied. */
  find(name: string): Region | undefined;
  /** All names, for hints. */
  names(): readonly string[];
}

/** The built-in regions and the given ones. A built-in region cannot be moved to another country: its own entry wins. */
export function createRegionTable(extra: readonly ExtraRegion[] = []): RegionTable {
  const regions = new Map<string, Region>();
  for (const { name, country } of extra) regions.set(name, place(name, country, 'own'));
  for (const [name, country, provider] of builtInRegions()) regions.set(name, place(name, country, provider));
  return {
    find: (name) => regions.get(name),
    names: () => [...regions.keys()],
  };
}

function place(name: string, country: string, provider: RegionProvider): Region {
  const terms = [...new Set([...groupsOf(country), country, name])];
  return { name, provider, country, jurisdiction: jurisdictionOf(country), terms };
}
