import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import type { PolicyDocument } from '@spine/kernel/residency/policy-document';
import type { DecisionRecord } from './decision-record.ts';
import type { Leaf, LeafDecision } from './leaf.ts';

/** A matrix for tests: a shop in Frankfurt, an EU warehouse, a US lake that gets hashed personal data, a forbidden partner. */
export function samplePolicy(changes: Partial<PolicyDocument> = {}): PolicyDocument {
  const sink = (name: string, region: string, purpose: string) => ({
    name,
    type: 'postgres',
    region,
    namespace: `postgres://${name}:5432`,
    database: name.replaceAll('-', '_'),
    owner: 'growth',
    purpose,
    retention: 'P30D',
    iam: 'writer',
  });
  const match = { class: ['internal', 'confidential'] as const, from: ['EU'] };
  return {
    regions: [],
    sources: [
      {
        name: 'shop',
        region: 'eu-central-1',
        namespace: 'postgres://shop:5432',
        database: 'shop',
        owner: 'data-platform',
      },
    ],
    sinks: [
      sink('warehouse', 'eu-central-1', 'analytics'),
      sink('us-lake', 'us-east-1', 'marketing'),
      sink('ad-partner', 'ap-southeast-1', 'advertising'),
    ],
    classification: [
      { dataset: 'shop.public.*', class: 'internal' },
      { dataset: 'shop.public.customers', class: 'confidential', fields: { email: ['pii'] } },
    ],
    residency: {
      rules: [
        {
          id: 'eu-analytics',
          effect: 'allow',
          match: { ...match, to: ['EU'], purpose: ['analytics'] },
          rationale: 'stays in the EU',
        },
        {
          id: 'us-masked',
          effect: 'allow',
          match: { ...match, to: ['US'], purpose: ['marketing'] },
          obligations: [{ type: 'hash', fields: ['pii'] }],
          rationale: 'no personal data leaves in clear',
        },
      ],
      exceptions: [],
    },
    ...changes,
  };
}

/** A decision on `shop.public.customers` that allows. */
export function sampleLeafDecision(changes: Partial<LeafDecision> = {}): LeafDecision {
  return {
    dataset: { namespace: 'postgres://shop:5432', name: 'shop.public.customers' },
    logicalName: 'shop.public.customers',
    sinkDataset: { namespace: 'postgres://warehouse:5432', name: 'warehouse.public.customers' },
    subject: 'shop.public.customers',
    schemaVersion: 1,
    verdict: 'allow',
    reason: 'allowed_by_rule: eu-analytics',
    ruleIds: ['eu-analytics'],
    obligations: [],
    dataClass: 'confidential',
    tags: ['pii'],
    rows: 10,
    rowsWithheld: 0,
    ...changes,
  };
}

/** A denial of `shop.public.customers`. */
export function sampleDenial(changes: Partial<LeafDecision> = {}): LeafDecision {
  return sampleLeafDecision({
    verdict: 'deny',
    reason: 'no_rule: confidential from EU to SG',
    ruleIds: ['default-deny'],
    rows: 0,
    rowsWithheld: 10,
    ...changes,
  });
}

/** A batch leaf of the route shop-to-warehouse; `at` is its position, which names the batch. */
export function sampleLeaf(
  at: number,
  matrix: { readonly version: number; readonly digest: string },
  changes: Partial<Leaf> = {},
): Leaf {
  const route = changes.route ?? 'shop-to-warehouse';
  const start = `0/${(at * 256).toString(16).toUpperCase()}`;
  return {
    batchId: sha256Hex(canonicalJson([route, at])),
    kind: 'batch',
    route,
    source: 'shop',
    sink: 'warehouse',
    systemId: '7000000000000000001',
    start,
    end: `0/${(at * 256 + 256).toString(16).toUpperCase()}`,
    matrixVersion: matrix.version,
    matrixDigest: matrix.digest,
    decidedAt: '2026-11-24T12:00:00.000Z',
    decisions: [sampleLeafDecision()],
    ...changes,
  };
}

/** A decision at a place of the ledger. */
export function sampleDecision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    ...sampleDenial(),
    seq: 1n,
    ordinal: 0,
    batchId: 'b',
    kind: 'batch',
    route: 'shop-to-ad-partner',
    source: 'shop',
    sink: 'ad-partner',
    sourceRegion: 'eu-central-1',
    sinkRegion: 'ap-southeast-1',
    matrixVersion: 1,
    decidedAt: '2026-11-24T12:00:00.000Z',
    supersededBy: null,
    ...changes,
  };
}
