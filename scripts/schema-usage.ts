import { z } from 'zod';

/** How far back an unused field must have been unused. */
const windowDays = 30;
/** An export that is older says nothing of today. */
const exportDays = 7;
const dayMs = 86_400_000;

/** What `spine graph usage --json` writes: how often clients selected each field. */
const exported = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  fields: z.record(z.string(), z.number().int().min(0)),
});

/** What is known of the use of fields. */
export interface FieldUsage {
  readonly days: number;
  /** Whether a client may be using it: what is not known counts as used. */
  isUsed(coordinate: string): boolean;
  /** For people. */
  describe(coordinate: string): string;
}

/** Reads an export; null is none. One that is too old or covers too few days is as good as none. */
export function readFieldUsage(json: string | null, now: Date): FieldUsage {
  const parsed = json === null ? null : exported.parse(JSON.parse(json));
  const today = now.getTime();
  const known =
    parsed !== null &&
    Date.parse(parsed.to) >= today - exportDays * dayMs &&
    Date.parse(parsed.from) <= today - windowDays * dayMs
      ? parsed.fields
      : null;
  return {
    days: windowDays,
    isUsed: (coordinate) => known === null || (known[coordinate] ?? 0) > 0,
    describe: (coordinate) =>
      known === null
        ? 'what clients use is not known: export it by spine graph usage'
        : `selected ${known[coordinate] ?? 0} times in the last ${windowDays} days`,
  };
}
