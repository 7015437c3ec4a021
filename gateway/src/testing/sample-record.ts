import type { AuditRecord } from '../audit/audit-record.ts';

/** A record for tests. */
export function sampleRecord(of: Partial<AuditRecord> = {}): AuditRecord {
  return {
    kind: 'read',
    at: '2026-01-31T12:00:00.000Z',
    requestId: 'r',
    principal: { id: 'p', kind: 'user', roles: ['viewer'], functions: [] },
    operation: { type: 'query', name: null, sha256: 'a'.repeat(64) },
    variables: null,
    sensitive: ['A.b'],
    decision: 'allowed',
    reason: null,
    cost: 1,
    subgraphs: [],
    result: 'OK',
    of: null,
    count: null,
    ...of,
  };
}
