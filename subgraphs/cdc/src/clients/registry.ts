import { Problem } from '@spine/kernel/problem';
import type { DatasetName } from '@spine/kernel/table-ref';
import type { ServiceClient } from '@spine/platform/http/service-client';
import { z } from 'zod';
import type { TagsByPath } from '../domain/column-tags.ts';
import type { Breach } from '../domain/incident.ts';

export interface ContractRequest {
  readonly subject: string;
  readonly dataset: DatasetName;
  readonly schema: string;
  readonly owner: string;
  readonly route: string;
  readonly tags: TagsByPath;
  readonly dataClass: string;
}

export interface BoundContract {
  readonly subject: string;
  readonly version: number;
  readonly schemaId: number;
  readonly semver: string;
  readonly fingerprint: string;
  /** What the registry knows of the columns, those of the request among it. */
  readonly tags: TagsByPath;
}

/** What the pipeline asks of the registry. */
export interface RegistryClient {
  /** Binds a table's shape to its subject. A refusal is an answer; no answer throws SERVICE_UNAVAILABLE or TIMEOUT. */
  bind(request: ContractRequest): Promise<BoundContract | ContractRefused>;
  /** The labels of the latest version by the paths of its schema; none for a subject that is not there. */
  tagsOf(subject: string): Promise<TagsByPath>;
}

/** The registry refused the shape: the table must not write under it. */
export interface ContractRefused {
  readonly refused: string;
  /** Where it breaks the contract; none where the shape itself is at fault. */
  readonly breaches: readonly Breach[];
  /** The semantic version that would admit to the change; null where none would do. */
  readonly requiredVersion: string | null;
}

const boundShape = z.object({
  subject: z.string(),
  version: z.number(),
  schemaId: z.number(),
  semver: z.string(),
  fingerprint: z.string(),
  tags: z.record(z.string(), z.array(z.string())),
});

const subjectShape = z.object({ latest: z.object({ tags: z.record(z.string(), z.array(z.string())) }) });

/** The registry over its REST calls (docs/internal-contracts.md). */
export function createRegistryClient(http: ServiceClient): RegistryClient {
  return {
    async bind(request) {
      try {
        return boundShape.parse(await http.post('/internal/contracts', request));
      } catch (error) {
        if (error instanceof Problem && refusals.has(error.code)) return refusedBy(error);
        throw error;
      }
    },
    async tagsOf(subject) {
      try {
        return subjectShape.parse(await http.get(`/schemas/${encodeURIComponent(subject)}`)).latest.tags;
      } catch (error) {
        if (error instanceof Problem && error.code === 'SUBJECT_NOT_FOUND') return {};
        throw error;
      }
    },
  };
}

const reportShape = z.object({
  requiredVersion: z.string().nullable().catch(null),
  report: z
    .object({
      incompatibilities: z.array(z.object({ kind: z.string(), path: z.string(), message: z.string() })),
    })
    .nullable()
    .catch(null),
});

function refusedBy(problem: Problem): ContractRefused {
  const { requiredVersion, report } = reportShape.parse(problem.extensions);
  return { refused: problem.message, breaches: report?.incompatibilities ?? [], requiredVersion };
}

const refusals: ReadonlySet<string> = new Set([
  'INCOMPATIBLE_SCHEMA',
  'VERSION_UNDERSTATED',
  'SCHEMA_INVALID',
]);
