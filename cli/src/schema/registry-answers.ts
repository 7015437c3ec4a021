import { z } from 'zod';

// What the registry answers over REST (schema/openapi/registry.yaml), as far as the commands read it.

const breach = z.object({
  direction: z.enum(['BACKWARD', 'FORWARD']),
  kind: z.string(),
  path: z.string(),
  message: z.string(),
  axis: z.string().optional(),
  witness: z.object({ datum: z.unknown(), why: z.string() }).optional(),
  versions: z.array(z.number()),
});

const affected = z.object({
  role: z.enum(['PRODUCER', 'CONSUMER']),
  name: z.string(),
  version: z.number(),
  contact: z.string().nullable().default(null),
  why: z.string(),
});

const report = z.object({
  level: z.string(),
  profile: z.string().optional(),
  axes: z.array(z.string()).default([]),
  compatible: z.boolean(),
  bump: z.string(),
  incompatibilities: z.array(breach),
  affected: z.array(affected).default([]),
});

/** What a check of a candidate found. */
export type RegistryReport = z.output<typeof report>;
/** A breach that a registry reports. */
export type RegistryBreach = z.output<typeof breach>;

/** The answer to a check. */
export const checkAnswer = z.object({
  refusal: z.string().nullable(),
  semver: z.string(),
  bump: z.string(),
  known: z.number().nullable(),
  report,
});

/** The answer to a publish. */
export const publishAnswer = z.object({
  subject: z.string(),
  version: z.number(),
  semver: z.string(),
  bump: z.string(),
  id: z.number(),
  report,
});

const lintFinding = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  message: z.string(),
  fix: z.object({ summary: z.string() }).optional(),
});

/** What rules of lint have against a schema. */
export type RegistryLintFinding = z.output<typeof lintFinding>;

/** The answer to a lint. */
export const lintAnswer = z.object({ clean: z.boolean(), findings: z.array(lintFinding) });

/** What a refusal carries beside its message: which of it depends on why. */
export const refusalDetails = z.object({
  requiredVersion: z.string().optional(),
  report: report.optional(),
  findings: z.array(lintFinding).optional(),
  missing: z.array(z.object({ fieldPath: z.string(), message: z.string() })).optional(),
});

const deprecation = z.object({ at: z.string(), sunset: z.string().nullable(), note: z.string().nullable() });

/** A version as lists show it. */
export const versionEntry = z.object({
  subject: z.string(),
  version: z.number(),
  semver: z.string(),
  bump: z.string(),
  id: z.number(),
  schemaType: z.enum(['AVRO', 'JSON', 'PROTOBUF']),
  publishedAt: z.string(),
  publishedBy: z.string(),
  deletedAt: z.string().nullable().default(null),
  rolledBack: z.object({ at: z.string() }).nullable().default(null),
  deprecation: deprecation.nullable().default(null),
});

export type VersionEntry = z.output<typeof versionEntry>;

/** A version with its text. */
export const versionDocument = versionEntry.extend({
  schema: z.string(),
  references: z.array(z.object({ name: z.string(), subject: z.string(), version: z.number() })).default([]),
  tags: z.record(z.string(), z.array(z.string())).default({}),
  dataClass: z.string().nullable().default(null),
  retention: z.string().nullable().default(null),
});

export type VersionDocument = z.output<typeof versionDocument>;

/** Whether a version counts as deployed, and by whose account. */
export const deploymentAnswer = z.object({
  subject: z.string(),
  version: z.number(),
  semver: z.string(),
  deployed: z.boolean(),
  members: z.array(
    z.object({
      role: z.enum(['PRODUCER', 'CONSUMER']),
      name: z.string(),
      version: z.number(),
      contact: z.string().nullable(),
      validated: z.boolean(),
      why: z.string().nullable(),
    }),
  ),
});

/** A page of subjects. */
export const subjectsPage = z.object({
  subjects: z.array(
    z.object({
      name: z.string(),
      level: z.string(),
      owner: z.string(),
      latest: versionEntry.nullable(),
    }),
  ),
  next: z.string().nullable(),
});

/** A page of versions. */
export const versionsPage = z.object({ versions: z.array(versionEntry), next: z.string().nullable() });

/** The answer to a rollback. */
export const rollbackAnswer = z.object({ latest: versionEntry, rolledBack: z.array(versionEntry) });

/** The answer to a delete. */
export const deleteAnswer = z.object({
  permanent: z.boolean(),
  versions: z.array(z.object({ version: z.number(), semver: z.string() })),
});

/** Who uses a subject, by role. */
export const usage = z.object({
  role: z.enum(['PRODUCER', 'CONSUMER']),
  name: z.string(),
  version: z.number(),
  contact: z.string().nullable(),
  registeredAt: z.string(),
});

const change = z.object({
  kind: z.string(),
  part: z.string(),
  name: z.string(),
  path: z.string().optional(),
  oldPath: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  breaks: z.array(z.string()).readonly(),
  breaches: z.array(z.object({ direction: z.string(), kind: z.string(), message: z.string() })).readonly(),
});

/** One difference between two versions. */
export type ChangeEntry = Readonly<z.output<typeof change>>;

/** The differences between two versions. */
export const diffAnswer = z.object({ from: versionEntry, to: versionEntry, changes: z.array(change) });

/** A page of the changelog. */
export const changelogPage = z.object({
  entries: z.array(
    // Null where there is no version that it followed.
    versionEntry.extend({
      changes: z
        .array(change)
        .nullable()
        .transform((changes) => changes ?? []),
      affected: z.array(affected).default([]),
    }),
  ),
  next: z.string().nullable(),
});
