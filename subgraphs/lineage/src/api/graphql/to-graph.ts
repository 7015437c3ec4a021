import type { DatasetName } from '@spine/kernel/table-ref';
import { nodeId } from '../../domain/entity-ids.ts';
import type { StoredNode } from '../../store/nodes.ts';
import type { StoredRun } from '../../store/runs.ts';
import { DatasetType, JobType, type LineageNode, RunType } from './lineage-types.ts';

/** A dataset as an instance of its GraphQL class; its id follows from its name. */
export function toDataset({ namespace, name }: DatasetName): DatasetType {
  return Object.assign(new DatasetType(), { id: nodeId('dataset', namespace, name), namespace, name });
}

/** A job as an instance of its GraphQL class. */
export function toJob({ namespace, name }: { readonly namespace: string; readonly name: string }): JobType {
  return Object.assign(new JobType(), { id: nodeId('job', namespace, name), namespace, name });
}

/** A node as an instance of the class of its kind. */
export function toNode(node: StoredNode): LineageNode {
  return node.kind === 'dataset' ? toDataset(node) : toJob(node);
}

/** A run as an instance of its GraphQL class. */
export function toRun({ id, jobId, state, startedAt, endedAt }: StoredRun): RunType {
  return Object.assign(new RunType(), { id, jobId, state, startedAt, endedAt });
}
