import { z } from 'zod';
import { createFileReader } from './read-supergraph-file.ts';
import { createUrlReader } from './read-supergraph-url.ts';
import type { SupergraphReader } from './supergraph-reader.ts';

/** Where the supergraph comes from and what it must prove. */
export interface SupergraphConfig {
  /** A file, or an http or https URL. */
  readonly from: string;
  /** How often it is looked at again. */
  readonly pollMs: number;
  /** sha256 of the only one that is accepted. */
  readonly sha256: string | null;
  /** PEM file of the key that it must be signed by. */
  readonly keyFile: string | null;
}

/** The variables that set it, as part of the gateway's. */
export const supergraphVariables = {
  SPINE_GATEWAY_SUPERGRAPH: z.string().min(1).optional(),
  SPINE_GATEWAY_SUPERGRAPH_POLL_MS: z.coerce.number().int().min(100).max(86_400_000).default(5_000),
  SPINE_GATEWAY_SUPERGRAPH_SHA256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, '64 hex digits')
    .optional(),
  SPINE_GATEWAY_SUPERGRAPH_KEY: z.string().min(1).optional(),
};

type Values = z.output<z.ZodObject<typeof supergraphVariables>>;

/** Refuses a supergraph that anyone on the way could have written. */
export function checkSupergraph(values: Values, context: z.core.$RefinementCtx): void {
  const from = values.SPINE_GATEWAY_SUPERGRAPH ?? '';
  const proven = values.SPINE_GATEWAY_SUPERGRAPH_SHA256 ?? values.SPINE_GATEWAY_SUPERGRAPH_KEY;
  if (!from.startsWith('http://') || proven !== undefined) return;
  if (URL.canParse(from) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(from).hostname)) return;
  context.addIssue({
    code: 'custom',
    path: ['SPINE_GATEWAY_SUPERGRAPH'],
    message: 'over http it must be signed (SPINE_GATEWAY_SUPERGRAPH_KEY), or come by https',
  });
}

/** The configuration that the variables say; without SPINE_GATEWAY_SUPERGRAPH it is the committed file. */
export function supergraphConfigOf(values: Values, committed: string): SupergraphConfig {
  return {
    from: values.SPINE_GATEWAY_SUPERGRAPH ?? committed,
    pollMs: values.SPINE_GATEWAY_SUPERGRAPH_POLL_MS,
    sha256: values.SPINE_GATEWAY_SUPERGRAPH_SHA256?.toLowerCase() ?? null,
    keyFile: values.SPINE_GATEWAY_SUPERGRAPH_KEY ?? null,
  };
}

/** What reads the supergraph of a configuration. */
export function createSupergraphReader({ from, keyFile }: SupergraphConfig): SupergraphReader {
  const options = { signed: keyFile !== null };
  return /^https?:/.test(from) ? createUrlReader(from, options) : createFileReader(from, options);
}
