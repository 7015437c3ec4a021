import { z } from 'zod';

/** Where a process sends its traces. */
export interface TracingConfig {
  /** Base URL of an OTLP/HTTP receiver; null: tracing is off. */
  readonly url: string | null;
  /** Share of the traces begun here that are recorded. */
  readonly ratio: number;
}

/** The variables of every process that can trace. */
export const tracingVariables = {
  SPINE_OTLP_URL: z.url({ protocol: /^https?$/ }).optional(),
  SPINE_OTLP_RATIO: z.coerce.number().min(0).max(1).default(1),
};

/** The configuration of variables that were parsed. */
export function tracingConfigOf(values: z.output<z.ZodObject<typeof tracingVariables>>): TracingConfig {
  return { url: values.SPINE_OTLP_URL ?? null, ratio: values.SPINE_OTLP_RATIO };
}
