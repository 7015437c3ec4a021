import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { isActionable, type StepReport } from '../domain/scan/finding.ts';
import { quarantineSteps, stepText } from '../domain/scan/quarantine-steps.ts';
import { actOnFinding } from '../scanner/act-on-finding.ts';
import type { Observation } from '../scanner/observation.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { findingsAt, setReports } from '../store/findings.ts';

/**
 * Cuts off what stands open where spine.yaml says `quarantine: enforce`; elsewhere nothing is touched. A finding that is still
 * there at the next scan is tried again.
 */
export async function quarantineFindings(
  deps: {
    readonly database: Database<CdcTables>;
    readonly resolver: ReferenceResolver;
    readonly clock: Clock;
    readonly log: Log;
  },
  observations: readonly Observation[],
): Promise<void> {
  const { resolver, clock, log } = deps;
  const db = deps.database.kysely;
  const handled = new Set<bigint>();
  // A role that we do not know may be the one of an endpoint that could not be reached.
  const unreached = observations.find(({ places }) => places.length === 0)?.endpoint;
  const spared = new Set(observations.flatMap(({ role }) => role ?? []));
  for (const { endpoint, places, observed } of observations) {
    if (endpoint.quarantine !== 'enforce') continue;
    const looked = new Set(observed.map(({ kind }) => kind));
    for (const finding of await findingsAt(db, places)) {
      if (!isActionable(finding) || !looked.has(finding.kind) || handled.has(finding.id)) continue;
      handled.add(finding.id);
      const steps = quarantineSteps(finding).filter(({ kind }) => kind !== 'by_hand');
      if (steps.length === 0) continue;
      const ofRole = steps.some(({ kind }) => kind === 'take_replication');
      const fail = (reason: string): readonly StepReport[] =>
        steps.map((step) => ({ step: stepText(step), outcome: 'failed', reason }));
      const act = async (): Promise<readonly StepReport[]> => {
        if (ofRole && unreached !== undefined) {
          return fail(`${unreached.kind} ${unreached.name} could not be reached, and may come by it`);
        }
        if (endpoint.adminUrl === null) return fail(`${endpoint.kind} ${endpoint.name} has no adminUrl`);
        try {
          return await actOnFinding(resolver.url(endpoint.adminUrl), steps, spared);
        } catch (error) {
          if (error instanceof Problem) return fail(error.message);
          throw error;
        }
      };
      const reports = await act();
      await setReports(db, finding.id, reports, clock.now());
      const { kind, name, place } = finding;
      log.warn({ event: 'finding.quarantined', kind, place, name, reports });
    }
  }
}
