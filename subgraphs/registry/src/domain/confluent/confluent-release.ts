/** The releases of Confluent's registry whose manners can be shown; what differs is listed in `confluentManners`. */
export const confluentReleases = ['7.9', '8.0', '8.1', '8.5'] as const;

export type ConfluentRelease = (typeof confluentReleases)[number];

/** The release whose manners are shown unless another one is asked for. */
export const defaultRelease: ConfluentRelease = '8.1';

/** Where the releases differ in what a client can see. */
export interface ConfluentManners {
  readonly release: ConfluentRelease;
  /** `error_code` of an incompatible schema; the status is 409 whatever this says. */
  readonly incompatibleCode: 409 | 40901;
  /** Whether AVRO, the default, is named in answers. */
  readonly namesAvro: boolean;
  /** Whether answers carry the content's guid and the time of its registration, and /schemas/guids is served. */
  readonly guids: boolean;
  /** Whether schemas may be tied to resources such as topics. */
  readonly associations: boolean;
  /** Whether a register call may ask for no check. */
  readonly force: boolean;
}

/** The manners of a release. The codes are those of its first builds, which most clients in the field have met. */
export function confluentManners(release: ConfluentRelease): ConfluentManners {
  const isEight = release !== '7.9';
  return {
    release,
    incompatibleCode: release === '8.5' ? 40901 : 409,
    namesAvro: isEight,
    guids: isEight,
    associations: isEight,
    force: release === '8.5',
  };
}
