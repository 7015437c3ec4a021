import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { GovernanceDb } from '../../store/governance-tables.ts';
import { readChainHead } from '../../store/ledger.ts';
import { findActiveVersion } from '../../store/matrices.ts';
import { countStandingViolations } from '../../store/violations.ts';

/** The figures of governance; gauges are read from the store when they are scraped. */
export function createGovernanceMetrics(metrics: Metrics, db: GovernanceDb) {
  metrics.gauge({
    name: 'governance_matrix_version',
    help: 'The matrix version in force; 0 while none is signed.',
    collect: async (gauge) => gauge.set((await findActiveVersion(db))?.version ?? 0),
  });
  metrics.gauge({
    name: 'governance_ledger_entries',
    help: 'Entries of the decision ledger.',
    collect: async (gauge) => gauge.set(Number((await readChainHead(db)).seq)),
  });
  metrics.gauge({
    name: 'governance_violations',
    help: 'Violations that are not resolved.',
    labels: ['status'],
    collect: async (gauge) => {
      gauge.reset();
      for (const { status, count } of await countStandingViolations(db)) gauge.set({ status }, count);
    },
  });
  return {
    leaves: metrics.counter({
      name: 'governance_leaves_total',
      help: 'Leaves that workers sent, by what became of them.',
      labels: ['status'],
    }),
    decisions: metrics.counter({
      name: 'governance_decisions_total',
      help: 'Decisions recorded, by verdict.',
      labels: ['verdict'],
    }),
    appendSeconds: metrics.histogram({
      name: 'governance_append_seconds',
      help: 'Time to append the leaves of one request durably.',
    }),
  };
}

export type GovernanceMetrics = ReturnType<typeof createGovernanceMetrics>;
