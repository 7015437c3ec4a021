import { z } from 'zod';
import { type CheckReport, directions } from '../domain/check-report.ts';
import { axes, policies, profiles } from '../domain/check-rules.ts';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import { incompatibilityKinds } from '../domain/incompatibility.ts';
import { bumps } from '../domain/semver.ts';
import { usageRoles } from '../domain/usage.ts';

// What a default stands beside was not asked or not known when the first reports were stored.
const shape = z.object({
  level: z.enum(compatibilityLevels),
  profile: z.enum(profiles).default('strict'),
  axes: z.array(z.enum(axes)).default(['WIRE', 'JSON']),
  policy: z.enum(policies).default('STRICT'),
  compatible: z.boolean(),
  backward: z.boolean(),
  forward: z.boolean(),
  bump: z.enum(bumps),
  incompatibilities: z.array(
    z.object({
      direction: z.enum(directions),
      kind: z.enum(incompatibilityKinds),
      path: z.string(),
      message: z.string(),
      axis: z.enum(axes).exactOptional(),
      witness: z.object({ datum: z.unknown(), why: z.string() }).exactOptional(),
      versions: z.array(z.number()),
    }),
  ),
  affected: z
    .array(
      z.object({
        role: z.enum(usageRoles),
        name: z.string(),
        version: z.number(),
        contact: z.string().nullable(),
        why: z.string(),
      }),
    )
    .default([]),
});

/** Reads a stored report. */
export function parseStoredReport(report: unknown): CheckReport {
  return shape.parse(report);
}
