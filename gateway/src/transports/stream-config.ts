import { z } from 'zod';

/** How many streams are held, for how long, and for whom. */
export interface StreamConfig {
  /** Sockets and event streams of this process. */
  readonly most: number;
  /** Of one principal; nobody is counted in dev mode. */
  readonly perPrincipal: number;
  /** From one address; this machine's own is not counted. */
  readonly perAddress: number;
  readonly operationsPerSocket: number;
  /** How long a client may take nothing. */
  readonly stalledMs: number;
  /** Over how long a time streams move to a new supergraph. */
  readonly swapSpreadMs: number;
  /** How often it is asked again who a client is. */
  readonly reauthoriseMs: number;
  /** How long a client may stay before it is asked to connect again. */
  readonly lifetimeMs: number;
}

const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);
const milliseconds = (least: number, fallback: number) =>
  z.coerce.number().int().min(least).max(2_000_000_000).default(fallback);

/** The variables that set it, as part of the gateway's. */
export const streamVariables = {
  SPINE_GATEWAY_STREAMS: count(1_000),
  SPINE_GATEWAY_STREAMS_PER_PRINCIPAL: count(20),
  SPINE_GATEWAY_STREAMS_PER_ADDRESS: count(10),
  SPINE_GATEWAY_OPERATIONS_PER_SOCKET: count(20),
  SPINE_GATEWAY_STALLED_MS: milliseconds(100, 60_000),
  SPINE_GATEWAY_SWAP_SPREAD_MS: milliseconds(0, 5_000),
  SPINE_GATEWAY_REAUTHORISE_MS: milliseconds(100, 300_000),
  SPINE_GATEWAY_STREAM_LIFETIME_MS: milliseconds(1_000, 86_400_000),
};

/** The configuration that the variables say. */
export function streamConfigOf(values: z.output<z.ZodObject<typeof streamVariables>>): StreamConfig {
  return {
    most: values.SPINE_GATEWAY_STREAMS,
    perPrincipal: values.SPINE_GATEWAY_STREAMS_PER_PRINCIPAL,
    perAddress: values.SPINE_GATEWAY_STREAMS_PER_ADDRESS,
    operationsPerSocket: values.SPINE_GATEWAY_OPERATIONS_PER_SOCKET,
    stalledMs: values.SPINE_GATEWAY_STALLED_MS,
    swapSpreadMs: values.SPINE_GATEWAY_SWAP_SPREAD_MS,
    reauthoriseMs: values.SPINE_GATEWAY_REAUTHORISE_MS,
    lifetimeMs: values.SPINE_GATEWAY_STREAM_LIFETIME_MS,
  };
}
