import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { askGraph } from '../../client/ask-graph.ts';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { terminal } from '../../terminal.ts';

export interface DiscardOptions {
  readonly reason: string;
  readonly table?: readonly string[];
  readonly id?: readonly string[];
  readonly json?: boolean;
}

const operatedShape = z.object({ route: z.object({ name: z.string(), state: z.string() }) });

/** `spine cdc discard`: gives dead letters up for good. The rows at the sink may differ from the source from then on. */
export async function discard(route: string, options: DiscardOptions): Promise<number> {
  const { reason, table = [], id = [], json = false } = options;
  const operated = await askGraph(
    createSpineClient(processEnv),
    `mutation Discard($input: DiscardDeadLettersInput!) {
      answer: discardDeadLetters(input: $input) {
        __typename
        ... on RouteOperated { route { name state } }
        ... on UserError { code message }
      }
    }`,
    {
      input: {
        idempotencyKey: randomUUID(),
        route,
        reason,
        ...(table.length > 0 && { tables: table }),
        ...(id.length > 0 && { ids: id }),
      },
    },
    operatedShape,
  );
  if (json) terminal.json(operated);
  else {
    terminal.line(
      `dead letters of ${terminal.colour.bold(route)} are given up; their tables may differ from the source until \`spine cdc resnapshot ${route}\``,
    );
  }
  return exitCodes.good;
}
