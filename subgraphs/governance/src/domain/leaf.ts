import type { DecidedObligation, Verdict } from '@spine/kernel/residency/decision';
import type { DatasetName } from '@spine/kernel/table-ref';

/** The decision on one table of one batch, as a worker reports it. No row values. */
export interface LeafDecision {
  readonly dataset: DatasetName;
  readonly logicalName: string;
  readonly sinkDataset: DatasetName | null;
  readonly subject: string;
  readonly schemaVersion: number | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly ruleIds: readonly string[];
  readonly obligations: readonly DecidedObligation[];
  readonly dataClass: string;
  readonly tags: readonly string[];
  readonly rows: number;
  readonly rowsWithheld: number;
}

export const leafKinds = ['batch', 'snapshot', 'admission', 'replay'] as const;

/** What the ledger keeps of one batch: positions, the matrix it was decided under, the decision on each table. */
export interface Leaf {
  readonly batchId: string;
  readonly kind: (typeof leafKinds)[number];
  /** The batch whose final leaf this one replaces; its own id when it was decided anew. */
  readonly supersedes?: string | undefined;
  readonly route: string;
  readonly source: string;
  readonly sink: string;
  readonly systemId: string;
  readonly start: string;
  readonly end: string;
  readonly matrixVersion: number;
  readonly matrixDigest: string;
  readonly decidedAt: string;
  readonly decisions: readonly LeafDecision[];
}
