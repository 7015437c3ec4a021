import type { Aspect, Sighting, SightingKind } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';

/** What one look at an endpoint saw. */
export interface Observation {
  readonly endpoint: WatchedEndpoint;
  /** The places it belongs to; none when it could not be reached. */
  readonly places: readonly string[];
  /** As whom we came. */
  readonly role: string | null;
  readonly sightings: readonly Sighting[];
  readonly observed: readonly Aspect[];
  readonly unobserved: readonly { readonly kind: SightingKind | null; readonly reason: string }[];
}
