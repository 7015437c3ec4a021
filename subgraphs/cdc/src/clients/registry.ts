import { Problem } from '@spine/kernel/problem';
import type { DatasetName } from '@spine/kernel/table-ref';
import type { ServiceClient } from '@spine/platform/http/service-client';
import { z } from 'zod';

export interface ContractRequest {
  readonly subject: string;
  readonly dataset: DatasetName;
  readonly schema: string;
  readonly owner: string;
  readonly route: string;
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly dataClass: string;
}

export interface BoundContract {
  readonly subject: string;
  readonly version: number;
  readonly schemaId: number;
  readonly semver: string;
  readonly fingerprint: string;
}

/** What the pipeline asks of the registry. */
export interface RegistryClient {
  /** Binds a table's shape to its subject. A refusal is an answer; no answer throws SERVICE_UNAVAILABLE or TIMEOUT. */
  bind(request: ContractRequest): Promise<BoundContract | ContractRefused>;
}

/** The registry refused the shape: the table must not write under it. */
export interface ContractRefused {
  readonly refused: string;
}

const boundShape = z.object({
  subject: z.string(),
  version: z.number(),
  schemaId: z.number(),
  semver: z.string(),
  fingerprint: z.string(),
});

/** The registry over its REST calls (docs/internal-contracts.md). */
export function createRegistryClient(http: ServiceClient): RegistryClient {
  return {
    async bind(request) {
      try {
        return boundShape.parse(await http.post('/internal/contracts', request));
      } catch (error) {
        if (error instanceof Problem && refusals.has(error.code)) return { refused: error.message };
        throw error;
      }
    },
  };
}

const refusals: ReadonlySet<string> = new Set([
  'INCOMPATIBLE_SCHEMA',
  'VERSION_UNDERSTATED',
  'SCHEMA_INVALID',
]);
