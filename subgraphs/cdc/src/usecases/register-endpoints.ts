import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { Database } from '@spine/platform/postgres/create-database';
import { z } from 'zod';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { findEndpoint, putEndpoint, sinkSpecShape, sourceSpecShape } from '../store/endpoints.ts';
import { type EndpointSpec, endpointAccess } from './endpoint-access.ts';

export const endpointsShape = z.object({
  sources: z.array(sourceSpecShape),
  sinks: z.array(sinkSpecShape),
});
export type EndpointsInput = z.infer<typeof endpointsShape>;

export interface RegisteredEndpoint {
  readonly name: string;
  readonly namespace: string;
  readonly database: string;
  readonly serverVersion: number | null;
  readonly reachable: boolean;
  readonly change: 'added' | 'changed' | 'unchanged';
  readonly faults: readonly {
    readonly code: string;
    readonly message: string;
    readonly fix?: string | undefined;
  }[];
}

/**
 * Registers sources and sinks and fixes their namespaces. A server that cannot be reached now is registered all the same, with
 * its fault in the answer: its routes wait for it. A secret that is missing is refused, for nothing could be fixed from it.
 * With `store: false` it only tells what would change.
 */
export async function registerEndpoints(
  deps: {
    readonly database: Database<CdcTables>;
    readonly resolver: ReferenceResolver;
    readonly embeddedUrl: string | null;
  },
  input: EndpointsInput,
  options: { readonly store: boolean },
): Promise<{ sources: RegisteredEndpoint[]; sinks: RegisteredEndpoint[] }> {
  const register = async (kind: 'source' | 'sink', spec: EndpointSpec): Promise<RegisteredEndpoint> => {
    const access = endpointAccess(deps, kind, spec);
    if (spec.adminUrl !== undefined) deps.resolver.url(spec.adminUrl);
    if ('standbys' in spec) for (const standby of spec.standbys ?? []) deps.resolver.url(standby);
    const before = await findEndpoint(deps.database.kysely, kind, spec.name);
    const change =
      before === undefined
        ? 'added'
        : canonicalJson(before.spec) === canonicalJson(spec)
          ? 'unchanged'
          : 'changed';
    const fresh = {
      namespace: spec.namespace ?? before?.namespace ?? access.namespace,
      database: access.database,
    };
    if (options.store && access.madeOnApply) await access.make();
    const place = options.store ? await putEndpoint(deps.database.kysely, kind, spec, fresh) : fresh;
    if (!options.store && access.madeOnApply) {
      return { name: spec.name, ...place, change, serverVersion: null, reachable: true, faults: [] };
    }
    try {
      const { serverVersion } = await access.probe();
      return { name: spec.name, ...place, change, serverVersion, reachable: true, faults: [] };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const fault = { code: error.code, message: error.message, fix: error.fix };
      return { name: spec.name, ...place, change, serverVersion: null, reachable: false, faults: [fault] };
    }
  };
  return {
    sources: await Promise.all(input.sources.map((spec) => register('source', spec))),
    sinks: await Promise.all(input.sinks.map((spec) => register('sink', spec))),
  };
}
