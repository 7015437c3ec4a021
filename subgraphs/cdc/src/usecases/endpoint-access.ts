import { invariant } from '@spine/kernel/invariant';
import { kafkaAccess } from '../clients/kafka-access.ts';
import { probeKafka } from '../clients/probe-kafka.ts';
import { addressOf, ensureDatabase, probePostgres } from '../clients/probe-postgres.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import type { SinkSpec, SourceSpec } from '../store/endpoints.ts';

export type EndpointSpec = SourceSpec | SinkSpec;

/** Where an endpoint is, whatever stands there. */
export interface EndpointAccess {
  /** By the naming rules of OpenLineage. */
  readonly namespace: string;
  /** Empty where there are no databases. */
  readonly database: string;
  /** Whether it is made when it is first applied, and so not there to be asked before. */
  readonly madeOnApply: boolean;
  make(): Promise<void>;
  /** Throws SOURCE_UNREACHABLE or SINK_UNREACHABLE. */
  probe(): Promise<{ readonly serverVersion: number | null }>;
}

/** Resolves the secrets that an endpoint names: one that is missing is refused here. */
export function endpointAccess(
  deps: { readonly resolver: ReferenceResolver; readonly embeddedUrl: string | null },
  kind: 'source' | 'sink',
  spec: EndpointSpec,
): EndpointAccess {
  if (spec.type === 'kafka') {
    const access = kafkaAccess(spec, deps.resolver);
    const [first] = access.brokers;
    invariant(first !== undefined, 'brokers are not empty');
    return {
      namespace: `kafka://${first}`,
      database: '',
      madeOnApply: false,
      make: async () => undefined,
      async probe() {
        await probeKafka(access, `${kind} ${spec.name}`);
        return { serverVersion: null };
      },
    };
  }
  const url = deps.resolver.url(spec.url);
  const { host, database } = addressOf(url);
  const { embeddedUrl } = deps;
  return {
    namespace: `postgres://${host}`,
    database,
    madeOnApply: spec.url.startsWith('embedded:'),
    async make() {
      if (embeddedUrl !== null) await ensureDatabase(embeddedUrl, database);
    },
    probe: () =>
      probePostgres(
        url,
        `${kind} ${spec.name}`,
        kind === 'source' ? 'SOURCE_UNREACHABLE' : 'SINK_UNREACHABLE',
      ),
  };
}
