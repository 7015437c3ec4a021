import type { SpineSpec } from '@spine/spec/spine-spec';
import { z } from 'zod';
import type { SpineClient } from '../client/spine-client.ts';
import { type Endpoints, endpointsShape } from './endpoints.ts';
import { policyDocument } from './policy-document.ts';

const policyShape = z.object({
  version: z.number(),
  digest: z.string(),
  status: z.string(),
  changed: z.boolean(),
  diff: z.array(z.unknown()).default([]),
});
const routesShape = z.object({
  changed: z.array(z.object({ name: z.string(), change: z.string(), detail: z.string().default('') })),
});

/** What an apply did, or a plan would do. */
export interface SpecChanges {
  readonly endpoints: Endpoints;
  readonly policy: z.infer<typeof policyShape>;
  readonly routes: z.infer<typeof routesShape>['changed'];
}

/** Applies a spine.yaml: places first, then the matrix, then the routes that depend on both. Repeating it changes nothing. */
export async function applySpec(client: SpineClient, spec: SpineSpec): Promise<SpecChanges> {
  const endpoints = endpointsShape.parse(await client.put('cdc', '/internal/endpoints', endpointsOf(spec)));
  const policy = policyShape.parse(
    await client.put('governance', '/internal/policy', policyDocument(spec, endpoints)),
  );
  const routes = routesShape.parse(await client.put('cdc', '/internal/routes', routesOf(spec)));
  return { endpoints, policy, routes: routes.changed };
}

/** What `applySpec` would change; stores nothing. */
export async function planSpec(client: SpineClient, spec: SpineSpec): Promise<SpecChanges> {
  const endpoints = endpointsShape.parse(
    await client.post('cdc', '/internal/endpoints/plan', endpointsOf(spec)),
  );
  const policy = policyShape.parse(
    await client.post('governance', '/internal/policy/plan', policyDocument(spec, endpoints)),
  );
  const routes = routesShape.parse(await client.post('cdc', '/internal/routes/plan', routesOf(spec)));
  return { endpoints, policy, routes: routes.changed };
}

function endpointsOf(spec: SpineSpec): object {
  return { sources: spec.sources, sinks: spec.sinks };
}

function routesOf(spec: SpineSpec): object {
  return {
    routes: spec.routes,
    obligationKey: spec.obligationKey ?? null,
    allSources: spec.sources.map((source) => source.name),
    allSinks: spec.sinks.map((sink) => sink.name),
  };
}
