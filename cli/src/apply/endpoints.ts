import { z } from 'zod';

const endpoint = z.object({
  name: z.string(),
  namespace: z.string(),
  database: z.string(),
  change: z.enum(['added', 'changed', 'unchanged']),
  reachable: z.boolean(),
  serverVersion: z.number().nullable(),
  faults: z.array(z.object({ code: z.string(), message: z.string(), fix: z.string().optional() })),
});

/** What cdc answers for the sources and sinks of a spine.yaml. */
export const endpointsShape = z.object({ sources: z.array(endpoint), sinks: z.array(endpoint) });
export type Endpoints = z.infer<typeof endpointsShape>;
