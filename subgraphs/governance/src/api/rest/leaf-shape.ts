import { parseLsn } from '@spine/kernel/lsn';
import { verdicts } from '@spine/kernel/residency/decision';
import { obligationTypes } from '@spine/kernel/residency/policy-document';
import { z } from 'zod';
import { leafKinds } from '../../domain/leaf.ts';

/** Most leaves of one request. */
const mostLeaves = 1_000;

// Postgres keeps no NUL in a text.
const text = z
  .string()
  .min(1)
  .max(2_000)
  .refine((value) => !value.includes('\u0000'), 'no NUL in a text');
const lsn = text.refine(isLsn, 'an LSN as X/Y in hex');
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const dataset = z.strictObject({ namespace: text, name: text });

const decision = z.strictObject({
  dataset,
  logicalName: text,
  sinkDataset: dataset.nullable(),
  subject: text,
  schemaVersion: z.number().int().min(1).max(2_147_483_647).nullable(),
  verdict: z.enum(verdicts),
  reason: text,
  ruleIds: z.array(text),
  obligations: z.array(
    z.strictObject({
      type: z.enum(obligationTypes),
      fields: z.array(text),
      keep: z.literal('format').exactOptional(),
      to: count.exactOptional(),
    }),
  ),
  dataClass: text,
  tags: z.array(text),
  rows: count,
  rowsWithheld: count,
});

const leaf = z.strictObject({
  batchId: text,
  kind: z.enum(leafKinds),
  supersedes: text.optional(),
  route: text,
  source: text,
  sink: text,
  systemId: text,
  start: lsn,
  end: lsn,
  matrixVersion: z.number().int().min(0).max(2_147_483_647),
  matrixDigest: text,
  decidedAt: z.iso.datetime(),
  decisions: z.array(decision).max(10_000),
});

/** The body of POST /internal/leaves. */
export const leavesShape = z.strictObject({ leaves: z.array(leaf).min(1).max(mostLeaves) });

/** The query of GET /internal/leaves/over. */
export const leafOverShape = z.object({ route: text, sink: text, position: lsn });

/** The query of GET /internal/leaves/next. */
export const nextLeafShape = z.object({ route: text, sink: text, after: lsn });

function isLsn(value: string): boolean {
  try {
    parseLsn(value);
    return true;
  } catch {
    return false;
  }
}
