import type { Log } from '@spine/platform/log/create-log';
import { Kind, OperationTypeNode, parse } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { isRefused, type PrepareOperation } from '../execution/prepare-operation.ts';

export interface WarmPlansDeps {
  /** Validates on the graph whose plans are warmed. */
  readonly prepare: PrepareOperation;
  /** Makes a plan and keeps it. */
  readonly plan: (operation: Operation) => unknown;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Makes the plans of trusted documents before anybody asks, so that no first request pays for planning. A document that
 * the graph does not know (any more) is logged by name. Lets other work in between two plans.
 */
export async function warmPlans(
  documents: Iterable<string>,
  { prepare, plan, log }: WarmPlansDeps,
): Promise<void> {
  let planned = 0;
  for (const query of documents) {
    for (const operationName of operationsOf(query)) {
      await new Promise(setImmediate);
      const operation = prepare({ query, operationName });
      if (isRefused(operation)) {
        log.warn({ event: 'trusted.not_valid', operation: operationName, reason: operation[0]?.message });
        continue;
      }
      try {
        plan(operation);
        planned += 1;
      } catch (error) {
        log.warn({ event: 'trusted.not_planned', operation: operationName, err: error });
      }
    }
  }
  log.info({ event: 'trusted.plans_made', planned });
}

/** What the queries and mutations of a document are asked for by; a single one may go without its name. Subscriptions are planned when they open. */
function operationsOf(query: string): readonly (string | undefined)[] {
  try {
    const operations = parse(query, { noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition] : [],
    );
    const names = operations
      .filter(({ operation }) => operation !== OperationTypeNode.SUBSCRIPTION)
      .map(({ name }) => name?.value);
    const alone = operations.length === 1 && names.length === 1;
    return alone ? [...new Set([undefined, ...names])] : names;
  } catch {
    // The preparation says what is wrong.
    return [undefined];
  }
}
