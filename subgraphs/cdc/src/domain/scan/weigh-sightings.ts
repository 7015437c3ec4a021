import type { Finding } from './finding.ts';
import { type Aspect, aspectKey, type Sighting, sightingKey } from './sighting.ts';

export interface Weighed {
  /** Seen for the first time; `baseline` where its aspect was never observed before. */
  readonly found: readonly { readonly sighting: Sighting; readonly state: 'baseline' | 'open' }[];
  /** Known and there; `reopens` where a person had rejected it and it had gone. */
  readonly seen: readonly {
    readonly finding: Finding;
    readonly sighting: Sighting;
    readonly reopens: boolean;
  }[];
  /** Known, looked for, and not there. What could not be observed is not gone. */
  readonly gone: readonly Finding[];
  /** Aspects that have their baseline by this scan. */
  readonly firstObserved: readonly Aspect[];
}

/** Compares what nobody answers for with what is known: what is new, what is still there, what is gone. */
export function weighSightings(input: {
  readonly known: readonly Finding[];
  readonly sightings: readonly Sighting[];
  readonly observed: readonly Aspect[];
  /** Keys of the aspects that have a baseline. */
  readonly baselined: ReadonlySet<string>;
}): Weighed {
  const { known, observed, baselined } = input;
  const findings = new Map(known.map((finding) => [sightingKey(finding), finding]));
  const sightings = new Map(input.sightings.map((sighting) => [sightingKey(sighting), sighting]));
  const looked = new Map(observed.map((aspect) => [aspectKey(aspect), aspect]));
  const found: { sighting: Sighting; state: 'baseline' | 'open' }[] = [];
  const seen: { finding: Finding; sighting: Sighting; reopens: boolean }[] = [];
  for (const [key, sighting] of sightings) {
    const finding = findings.get(key);
    if (finding !== undefined) {
      seen.push({ finding, sighting, reopens: finding.goneAt !== null && finding.verdict === 'rejected' });
    } else {
      // That something cannot be observed is no state of the world to get used to: it has no baseline.
      const first = sighting.kind !== 'unobserved' && !baselined.has(aspectKey(sighting));
      found.push({ sighting, state: first ? 'baseline' : 'open' });
    }
  }
  return {
    found,
    seen,
    gone: known.filter(
      (finding) =>
        finding.goneAt === null && looked.has(aspectKey(finding)) && !sightings.has(sightingKey(finding)),
    ),
    firstObserved: [...looked].filter(([key]) => !baselined.has(key)).map(([, aspect]) => aspect),
  };
}
