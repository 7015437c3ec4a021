import type { OperationDefinitionNode } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { fieldsOfOperation } from './fields-of-operation.ts';
import type { FieldCount } from './usage-store.ts';

/** Counts in memory which fields clients select. */
export interface UsageCounter {
  count(operation: Operation, client: string): void;
  /** What was counted since the last time. */
  take(): readonly FieldCount[];
  /** Takes back what could not be stored. */
  putBack(counts: readonly FieldCount[]): void;
}

const operationsHeld = 1_000;
const clientsHeld = 100;
/** Whoever comes when so many clients were counted since the last `take`. */
export const otherClients = '(others)';

/** Creates one. An operation is counted as such, and its fields only when they are taken: a request pays for one number. */
export function createUsageCounter(): UsageCounter {
  // Documents are kept by those who parse them, and come again as the same object.
  const fieldsOf = new WeakMap<OperationDefinitionNode, readonly string[]>();
  const clients = new Set<string>();
  let held = new Map<OperationDefinitionNode, Map<string, number>>();
  let totals = new Map<string, FieldCount>();

  function add({ type, field, client, count }: FieldCount): void {
    const key = `${type}.${field} ${client}`;
    totals.set(key, { type, field, client, count: count + (totals.get(key)?.count ?? 0) });
  }

  function fold(): void {
    for (const [definition, byClient] of held) {
      for (const coordinate of fieldsOf.get(definition) ?? []) {
        const [type = '', field = ''] = coordinate.split('.');
        for (const [client, count] of byClient) add({ type, field, client, count });
      }
    }
    held = new Map();
  }

  return {
    count(operation, client) {
      const { definition } = operation;
      if (!fieldsOf.has(definition)) fieldsOf.set(definition, fieldsOfOperation(operation));
      let byClient = held.get(definition);
      if (byClient === undefined) {
        if (held.size >= operationsHeld) fold();
        byClient = new Map();
        held.set(definition, byClient);
      }
      if (clients.size < clientsHeld) clients.add(client);
      const name = clients.has(client) ? client : otherClients;
      byClient.set(name, (byClient.get(name) ?? 0) + 1);
    },
    take() {
      fold();
      const counts = [...totals.values()];
      totals = new Map();
      clients.clear();
      return counts;
    },
    putBack(counts) {
      for (const count of counts) add(count);
    },
  };
}
