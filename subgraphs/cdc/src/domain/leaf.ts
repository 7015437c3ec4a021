import type { DatasetName } from '@spine/kernel/table-ref';

export interface LeafObligation {
  readonly type: string;
  readonly fields: readonly string[];
}

/** The decision on one table of one batch, as the ledger keeps it. No row values. */
export interface LeafDecision {
  readonly dataset: DatasetName;
  readonly logicalName: string;
  readonly sinkDataset: DatasetName | null;
  readonly subject: string;
  readonly schemaVersion: number | null;
  readonly verdict: 'allow' | 'allow_with_obligations' | 'deny';
  readonly reason: string;
  readonly ruleIds: readonly string[];
  readonly obligations: readonly LeafObligation[];
  readonly dataClass: string;
  readonly tags: readonly string[];
  readonly rows: number;
  readonly rowsWithheld: number;
}

/** What the ledger gets for one batch: positions, the matrix it was decided under, and the decision on each table. */
export interface Leaf {
  readonly batchId: string;
  readonly kind: 'batch' | 'snapshot' | 'admission' | 'replay';
  readonly supersedes?: string;
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
