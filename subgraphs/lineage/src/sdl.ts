import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import { keyText } from '@spine/platform/graphql/entity-key';
import { ChangesResolver } from './api/graphql/changes-resolver.ts';
import { DatasetResolver } from './api/graphql/dataset-resolver.ts';
import { JobResolver } from './api/graphql/job-resolver.ts';
import type { LineageContext } from './api/graphql/lineage-context.ts';
import { LineageChanged, lineageStream } from './api/graphql/lineage-types.ts';
import { findRun, RunResolver } from './api/graphql/run-resolver.ts';
import { toDataset, toJob } from './api/graphql/to-graph.ts';

/** The lineage subgraph: it owns Dataset, Job and Run. */
export function buildLineageSubgraph(): Promise<Subgraph> {
  return buildSubgraph<LineageContext>({
    name: 'lineage',
    resolvers: [DatasetResolver, JobResolver, RunResolver, ChangesResolver],
    orphanedTypes: [
      LineageChanged,
      lineageStream.SnapshotComplete,
      lineageStream.StreamHeartbeat,
      lineageStream.StreamGap,
    ],
    references: {
      // Whatever others name is a dataset, also before an event has named it: it only has no graph yet.
      Dataset: (key) => toDataset({ namespace: keyText(key, 'namespace'), name: keyText(key, 'name') }),
      Job: (key) => toJob({ namespace: keyText(key, 'namespace'), name: keyText(key, 'name') }),
      Run: (key, context) => findRun(context, keyText(key, 'id')),
    },
  });
}
