import { type DecisionRecord, decisionId } from '../../domain/decision-record.ts';
import type { CellAnswer } from '../../domain/diff-policies.ts';
import type { ViolationEvent } from '../../domain/follow-violations.ts';
import type { ViolationRecord } from '../../domain/violation.ts';
import type { MatrixHead } from '../../store/matrices.ts';
import { DecisionType } from './decision-types.ts';
import { MatrixCell, MatrixChange, MatrixVersionType, Obligation } from './matrix-types.ts';
import { DatasetType, RouteType } from './stub-types.ts';
import { ViolationRaised, ViolationType, ViolationUpdated } from './violation-types.ts';

/** A decision as an instance of its GraphQL class. */
export function toDecision(record: DecisionRecord): DecisionType {
  const { dataset, sinkDataset, route, decidedAt, supersededBy, ...plain } = record;
  return Object.assign(new DecisionType(), {
    ...plain,
    id: decisionId(record),
    obligations: record.obligations.map((obligation) => Object.assign(new Obligation(), obligation)),
    route: toRoute(route),
    routeName: route,
    dataset: Object.assign(new DatasetType(), dataset),
    sinkDataset: sinkDataset === null ? null : Object.assign(new DatasetType(), sinkDataset),
    decidedAt: new Date(decidedAt),
    superseded: supersededBy !== null,
  });
}

/** A violation as an instance of its GraphQL class. */
export function toViolation(record: ViolationRecord): ViolationType {
  const time = (text: string | null): Date | null => (text === null ? null : new Date(text));
  const { route, dataset, ...plain } = record;
  return Object.assign(new ViolationType(), {
    ...plain,
    route: toRoute(route),
    routeName: route,
    dataset: Object.assign(new DatasetType(), dataset),
    openedAt: new Date(record.openedAt),
    lastSeenAt: new Date(record.lastSeenAt),
    acknowledgedAt: time(record.acknowledgedAt),
    resolvedAt: time(record.resolvedAt),
  });
}

/** An event of the stream of violations, with the cursor after it. */
export function toViolationItem(event: ViolationEvent, cursor: string): ViolationRaised | ViolationUpdated {
  const item = event.type === 'raised' ? new ViolationRaised() : new ViolationUpdated();
  return Object.assign(item, { cursor, violation: toViolation(event.violation) });
}

/** A matrix version as an instance of its GraphQL class. */
export function toMatrixVersion(head: MatrixHead): MatrixVersionType {
  return Object.assign(new MatrixVersionType(), {
    version: head.version,
    digest: head.digest,
    createdAt: head.createdAt,
    createdBy: head.createdBy,
    signedAt: head.signature?.at ?? null,
    signedBy: head.signature?.by ?? null,
    signedAs: head.signature?.role ?? null,
    changes: head.changes.map((change) =>
      Object.assign(new MatrixChange(), {
        ...change,
        before: change.before === null ? null : toCell(change.before),
        after: toCell(change.after),
      }),
    ),
  });
}

function toCell(answer: CellAnswer): MatrixCell {
  return Object.assign(new MatrixCell(), {
    ...answer,
    obligations: answer.obligations.map((obligation) => Object.assign(new Obligation(), obligation)),
  });
}

function toRoute(name: string): RouteType {
  return Object.assign(new RouteType(), { name });
}
