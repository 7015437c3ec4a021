import type { SpineSpec } from '@spine/spec/spine-spec';
import type { Endpoints } from './endpoints.ts';

/** The governance part of a spine.yaml, with the places of sources and sinks as cdc has fixed them. */
export function policyDocument(spec: SpineSpec, endpoints: Endpoints): object {
  const placeOf = (kind: 'sources' | 'sinks', name: string) => {
    const found = endpoints[kind].find((endpoint) => endpoint.name === name);
    return { namespace: found?.namespace ?? '', database: found?.database ?? '' };
  };
  return {
    regions: spec.regions,
    sources: spec.sources.map(({ name, region, owner }) => ({
      name,
      region,
      owner,
      ...placeOf('sources', name),
    })),
    sinks: spec.sinks.map(({ name, type, region, owner, purpose, retention, iam }) => ({
      name,
      type,
      region,
      owner,
      purpose,
      retention,
      iam,
      ...placeOf('sinks', name),
    })),
    classification: spec.classification,
    residency: { rules: spec.residency.rules, exceptions: [] },
  };
}
