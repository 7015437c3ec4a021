import { deriveKey } from '@spine/platform/auth/derive-key';
import { secretsOf } from '@spine/platform/auth/service-secret';
import type { ServiceHost } from '@spine/platform/service/create-service-host';
import type { AuditStore } from '../audit/audit-store.ts';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { createAuditLog } from '../audit/create-audit-log.ts';
import { openAuditStore } from '../audit/open-audit.ts';
import { probeAudit } from '../audit/probe-audit.ts';
import { subgraphsOfPlan } from '../audit/subgraphs-of-plan.ts';
import type { Operation } from '../execution/operation.ts';
import type { PlanStore } from '../execution/plan-store.ts';
import { createPrepareOperation } from '../execution/prepare-operation.ts';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { Graph } from '../graph/create-graph.ts';
import { createSpendCost } from '../rate/spend-cost.ts';
import type { GatewayDatabase } from '../store/gateway-database.ts';
import { openManifestFile } from '../trusted/manifest-file.ts';
import { createResolveDocument } from '../trusted/resolve-document.ts';
import { warmPlans } from '../trusted/warm-plans.ts';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import { createGuard, type Guard } from './guard-operations.ts';
import type { SecurityConfig } from './security-config.ts';
import { createSecurityMetrics } from './security-metrics.ts';

export interface SecureGatewayDeps {
  readonly config: SecurityConfig & { readonly serviceSecret: string };
  readonly host: Pick<ServiceHost, 'log' | 'metrics' | 'authenticator' | 'defer' | 'probe'>;
  readonly metrics: Pick<GatewayMetrics, 'countRejected' | 'observeCost'>;
  readonly plans: PlanStore;
  /** null: there is none. */
  readonly database: GatewayDatabase | null;
}

/** What stands between the network and the graph. */
export interface Security {
  /** Before an operation is validated. */
  readonly door: FrontDoor;
  /** Before a valid operation runs. */
  readonly guard: Guard;
  readonly auditStore: AuditStore;
  /** Makes the plans of the trusted documents on a graph, before it serves. */
  warm(graph: Graph): Promise<void>;
}

/** Puts together trusted documents, limits, costs, budgets and the audit log as the configuration wants them. */
export function secureGateway({ config, host, metrics, plans, database }: SecureGatewayDeps): Security {
  const { limits, trusted, cost, rate } = config;
  const { log, authenticator } = host;
  const own = createSecurityMetrics(host.metrics);
  const manifest = trusted.manifestFile === null ? null : openManifestFile(trusted.manifestFile, { log });
  host.defer(() => manifest?.close());
  const documents = () => manifest?.current() ?? new Map<string, string>();

  const auditStore = openAuditStore(database, { mode: authenticator.mode, log });
  const audit = createAuditLog({ store: auditStore, log, onLost: own.countAuditLost });
  host.defer(() => audit.close());
  host.probe('audit', probeAudit(auditStore));

  return {
    auditStore,
    door: createFrontDoor({
      limits,
      resolveDocument: createResolveDocument({
        mode: trusted.mode,
        manifest: documents,
        onUntrusted(sha256) {
          own.countUntrusted();
          log.warn({ event: 'trusted.unknown_document', sha256 });
        },
      }),
      onRefused: metrics.countRejected,
    }),
    guard: createGuard({
      cost: { ...cost, observe: metrics.observeCost },
      spend: createSpendCost(rate.costPerMinute),
      trail: createAuditTrail({
        audit,
        key: deriveKey(secretsOf(config.serviceSecret)[0], 'audit'),
        subgraphsOf: (operation) => plannedSubgraphs(plans, operation),
      }),
      onRefused: metrics.countRejected,
      log,
    }),
    async warm(graph) {
      const prepare = createPrepareOperation({
        graphs: { current: () => graph },
        rules: [],
        maxTokens: limits.tokens,
      });
      if (documents().size > 0) await warmPlans(documents().values(), { prepare, plan: plans, log });
    },
  };
}

/** An operation that cannot be planned asks no subgraph. */
function plannedSubgraphs(plans: PlanStore, operation: Operation): readonly string[] {
  try {
    return subgraphsOfPlan(plans(operation));
  } catch {
    return [];
  }
}
