import type { Finding } from '../../domain/scan/finding.ts';
import type { Scan } from '../../store/scans.ts';
import { EndpointScanType, FindingStepReport, FindingType, ScanBlindSpot, ScanType } from './scan-types.ts';

/** A finding as the graph shows it: gone hides where it stood, its verdict does not go. */
export function toFindingType({ steps, reports, endpoint, ...finding }: Finding): FindingType {
  return Object.assign(new FindingType(), {
    ...finding,
    id: String(finding.id),
    state: finding.goneAt === null ? finding.state : ('gone' as const),
    endpointKind: endpoint.kind,
    endpoint: endpoint.name,
    quarantineSteps: steps,
    reports: reports.map(({ step, outcome, reason }) =>
      Object.assign(new FindingStepReport(), { step, done: outcome === 'done', reason }),
    ),
  });
}

/** A scan as the graph shows it. */
export function toScanType({ endpoints, ...scan }: Scan): ScanType {
  return Object.assign(new ScanType(), {
    ...scan,
    id: String(scan.id),
    endpoints: endpoints.map(({ unobserved, ...endpoint }) =>
      Object.assign(new EndpointScanType(), {
        ...endpoint,
        unobserved: unobserved.map((spot) => Object.assign(new ScanBlindSpot(), spot)),
      }),
    ),
  });
}
