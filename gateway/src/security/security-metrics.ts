import type { Metrics } from '@spine/platform/metrics/create-metrics';

/** Figures of the front door that no request metric shows. */
export interface SecurityMetrics {
  /** A document that is not in the manifest and ran, since the mode is audit. */
  readonly countUntrusted: () => void;
  /** Audit records that found no room while the database was away. */
  readonly countAuditLost: (count: number) => void;
}

/** Registers them. */
export function createSecurityMetrics(metrics: Metrics): SecurityMetrics {
  const untrusted = metrics.counter({
    name: 'gateway_untrusted_documents_total',
    help: 'Documents outside the manifest that ran, since trusted documents are only audited.',
  });
  const lost = metrics.counter({
    name: 'gateway_audit_lost_total',
    help: 'Audit records that could not be written; the audit log says so itself.',
  });
  return { countUntrusted: () => untrusted.inc({}, 1), countAuditLost: (count) => lost.inc({}, count) };
}
