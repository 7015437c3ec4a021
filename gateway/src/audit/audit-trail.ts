import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '@spine/kernel/canonical-json';
import { type DocumentNode, type ExecutionResult, OperationTypeNode } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditLog } from './create-audit-log.ts';
import { sensitiveFields } from './sensitive-fields.ts';

/** Told how an operation ended: its first error's code, or OK. */
export type EndOfOperation = (result: string) => void;

/** Records what is asked of the graph: every mutation, and every read of a sensitive field. */
export interface AuditTrail {
  /**
   * Before an operation runs. A mutation waits until its entry is durable, and is refused (SERVICE_UNAVAILABLE) when it
   * cannot be; a read is noted when it has ended, and waits for nothing.
   */
  begin(
    operation: Operation,
    context: RequestContext,
    cost: number,
  ): EndOfOperation | Promise<EndOfOperation>;
  /** An operation that is not run, and why: a code. */
  refused(operation: Operation, context: RequestContext, reason: string): void;
}

export interface AuditTrailDeps {
  readonly audit: AuditLog;
  /** Keys the hashes of variables. */
  readonly key: string;
  /** Which subgraphs answer; asked after the operation has run. */
  readonly subgraphsOf: (operation: Operation) => readonly string[];
  readonly now?: () => Date;
}

const nothing: EndOfOperation = () => undefined;

/** Creates the trail. */
export function createAuditTrail(deps: AuditTrailDeps): AuditTrail {
  const { audit, key, subgraphsOf, now = () => new Date() } = deps;
  // Documents are kept, and forgotten, by whoever validates them.
  const hashes = new WeakMap<DocumentNode, string>();

  function hashOf({ document, source }: Operation): string {
    const known = hashes.get(document) ?? createHash('sha256').update(source).digest('hex');
    hashes.set(document, known);
    return known;
  }

  function describe(
    operation: Operation,
    { principal, requestId }: RequestContext,
  ): Omit<AuditRecord, 'kind'> {
    const { definition, variables } = operation;
    const { id, kind, roles, functions } = principal;
    return {
      at: now().toISOString(),
      requestId,
      principal: { id, kind, roles, functions },
      operation: {
        type: definition.operation,
        name: definition.name?.value ?? null,
        sha256: hashOf(operation),
      },
      variables:
        Object.keys(variables).length === 0
          ? null
          : createHmac('sha256', key).update(canonicalJson(variables)).digest('hex'),
      sensitive: sensitiveFields(operation),
      decision: 'allowed',
      reason: null,
      cost: 0,
      subgraphs: [],
      result: null,
      of: null,
      count: null,
    };
  }

  async function beginMutation(operation: Operation, context: RequestContext, cost: number) {
    const record = { ...describe(operation, context), cost };
    const seq = await audit.append({ ...record, kind: 'mutation' });
    return (result: string): void =>
      audit.note({
        ...record,
        kind: 'outcome',
        at: now().toISOString(),
        subgraphs: subgraphsOf(operation),
        result,
        of: String(seq),
      });
  }

  return {
    begin(operation, context, cost) {
      if (isMutation(operation)) return beginMutation(operation, context, cost);
      if (sensitiveFields(operation).length === 0) return nothing;
      return (result) =>
        audit.note({
          ...describe(operation, context),
          kind: 'read',
          cost,
          subgraphs: subgraphsOf(operation),
          result,
        });
    },
    refused(operation, context, reason) {
      if (!isMutation(operation) && sensitiveFields(operation).length === 0) return;
      audit.note({ ...describe(operation, context), kind: 'refused', decision: 'refused', reason });
    },
  };
}

/** The result that an entry keeps of an answer. */
export function resultCode({ errors }: ExecutionResult): string {
  return errors?.[0] === undefined ? 'OK' : String(errors[0].extensions['code']);
}

function isMutation({ definition }: Operation): boolean {
  return definition.operation === OperationTypeNode.MUTATION;
}
