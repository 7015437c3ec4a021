import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import { keyInteger, keyText } from '@spine/platform/graphql/entity-key';
import { DatasetResidencyResolver, DatasetResolver } from './api/graphql/dataset-resolver.ts';
import {
  DecisionRecordedResolver,
  DecisionResolver,
  findDecisionType,
} from './api/graphql/decision-resolver.ts';
import type { GovernanceContext } from './api/graphql/governance-context.ts';
import { findMatrixVersion, MatrixResolver } from './api/graphql/matrix-resolver.ts';
import { GovernanceMutations } from './api/graphql/mutation-resolver.ts';
import { DatasetType } from './api/graphql/stub-types.ts';
import { findViolationType, ViolationResolver } from './api/graphql/violation-resolver.ts';
import {
  DecisionRecorded,
  streamTypes,
  ViolationRaised,
  ViolationUpdated,
} from './api/graphql/violation-types.ts';

/** The governance subgraph: Decision, Violation, MatrixVersion; classification and residency of a Dataset. */
export function buildGovernanceSubgraph(): Promise<Subgraph> {
  return buildSubgraph<GovernanceContext>({
    name: 'governance',
    resolvers: [
      MatrixResolver,
      DecisionResolver,
      DecisionRecordedResolver,
      ViolationResolver,
      DatasetResolver,
      DatasetResidencyResolver,
      GovernanceMutations,
    ],
    orphanedTypes: [
      DatasetType,
      ViolationRaised,
      ViolationUpdated,
      DecisionRecorded,
      streamTypes.StreamHeartbeat,
      streamTypes.StreamGap,
      streamTypes.SnapshotComplete,
    ],
    references: {
      Dataset: (key) =>
        Object.assign(new DatasetType(), {
          namespace: keyText(key, 'namespace'),
          name: keyText(key, 'name'),
        }),
      Decision: (key, context) => findDecisionType(context, keyText(key, 'id')),
      Violation: (key, context) => findViolationType(context, keyText(key, 'id')),
      MatrixVersion: (key, context) => findMatrixVersion(context, keyInteger(key, 'version')),
    },
  });
}
