import { Problem } from '@spine/kernel/problem';

/** A supergraph as it was found. */
export interface SupergraphText {
  readonly sdl: string;
  /** What lies beside it as its signature; null when none is asked for. */
  readonly signature: string | null;
}

/** Where supergraphs come from. */
export interface SupergraphReader {
  /** Null when it is what was read the last time. Rejects when there is none to be had. */
  read(signal: AbortSignal): Promise<SupergraphText | null>;
}

/** Far above any supergraph, far below what a process can hold. */
export const mostSupergraphBytes = 16 * 1_048_576;

/** Why a supergraph cannot be had from where it should be. */
export function unreadable(from: string, why: string, cause?: unknown): Problem {
  return new Problem('CONFIG_INVALID', `there is no supergraph at ${from}: ${why}`, {
    fix: 'Write it by npm run schema, or name another by SPINE_GATEWAY_SUPERGRAPH.',
    ...(cause !== undefined && { cause }),
  });
}
