import { randomUUID } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { askGraph } from '../../client/ask-graph.ts';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

const verdicts: Readonly<Record<string, string>> = { approve: 'APPROVED', reject: 'REJECTED' };
const reviewedShape = z.object({
  finding: z.object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    state: z.string(),
    verdict: z.string(),
  }),
});

/** `spine cdc review`: a verdict on what a scan has found, with its reason. */
export async function review(
  id: string,
  verdict: string,
  { note, json = false }: { readonly note: string; readonly json?: boolean },
): Promise<number> {
  const given = verdicts[verdict];
  if (given === undefined) {
    throw new Problem('INPUT_INVALID', `a verdict is approve or reject, not ${verdict}`);
  }
  const { finding } = await askGraph(
    createSpineClient(processEnv),
    `mutation Review($input: ReviewFindingInput!) {
      answer: reviewFinding(input: $input) {
        __typename
        ... on FindingReviewed { finding { id kind name state verdict } }
        ... on UserError { code message }
      }
    }`,
    { input: { idempotencyKey: randomUUID(), id, verdict: given, note } },
    reviewedShape,
  );
  if (json) terminal.json({ finding });
  else
    terminal.line(
      `finding ${id}, ${terminal.colour.bold(finding.name)}, is ${finding.verdict.toLowerCase()}`,
    );
  return exitCodes.good;
}
