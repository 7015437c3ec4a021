import { z } from 'zod';
import type { CostMode } from '../cost/cost-policy.ts';
import { defaultLimits, type OperationLimits } from '../limits/operation-limits.ts';
import type { TrustedMode } from '../trusted/resolve-document.ts';

/** What keeps the front door safe; docs/security.md gives the reason of each default. */
export interface SecurityConfig {
  readonly limits: OperationLimits;
  readonly trusted: {
    readonly mode: TrustedMode;
    /** null only when the mode is off. */
    readonly manifestFile: string | null;
  };
  readonly cost: { readonly mode: CostMode; readonly most: number };
  readonly rate: {
    /** What one principal may spend; 0: no limit. */
    readonly costPerMinute: number;
    /** Refused proofs of identity from one address before it has to wait; 0: no limit. */
    readonly failuresPerMinute: number;
  };
  readonly http: { readonly bodyBytes: number; readonly urlBytes: number; readonly headerBytes: number };
  /** Where the audit log is kept; null: nowhere but in memory, which only dev mode accepts. */
  readonly databaseUrl: string | null;
}

const count = (fallback: number) => z.coerce.number().int().min(1).max(100_000_000).default(fallback);
const countOrOff = (fallback: number) =>
  z.coerce.number().int().min(0).max(1_000_000_000_000).default(fallback);

/** The variables that set it, as part of the gateway's. */
export const securityVariables = {
  SPINE_GATEWAY_MAX_CHARACTERS: count(defaultLimits.characters),
  SPINE_GATEWAY_MAX_OPERATION_NAME: count(defaultLimits.operationName),
  SPINE_GATEWAY_MAX_TOKENS: count(defaultLimits.tokens),
  SPINE_GATEWAY_MAX_TOKENS_WITHOUT_ROLE: count(defaultLimits.tokensWithoutRole),
  SPINE_GATEWAY_MAX_NESTING: z.coerce.number().int().min(1).max(1_000).default(defaultLimits.nesting),
  SPINE_GATEWAY_MAX_DEPTH: count(defaultLimits.depth),
  SPINE_GATEWAY_MAX_ALIASES: count(defaultLimits.aliases),
  SPINE_GATEWAY_MAX_ROOT_FIELDS: count(defaultLimits.rootFields),
  SPINE_GATEWAY_MAX_ROOT_ALIASES: count(defaultLimits.rootAliases),
  SPINE_GATEWAY_MAX_DIRECTIVES: count(defaultLimits.directives),
  SPINE_GATEWAY_MAX_FIELDS: count(defaultLimits.fields),
  SPINE_GATEWAY_MAX_COST: count(5_000),
  SPINE_GATEWAY_COST: z.enum(['off', 'measure', 'enforce']).default('enforce'),
  SPINE_GATEWAY_RATE_COST_PER_MINUTE: countOrOff(6_000_000),
  SPINE_GATEWAY_RATE_FAILURES_PER_MINUTE: countOrOff(60),
  SPINE_GATEWAY_MAX_BODY_BYTES: count(1_048_576),
  SPINE_GATEWAY_MAX_URL_BYTES: count(8_192),
  SPINE_GATEWAY_MAX_HEADER_BYTES: count(65_536),
  SPINE_GATEWAY_TRUSTED_DOCUMENTS: z.enum(['off', 'audit', 'enforce']).default('off'),
  SPINE_GATEWAY_TRUSTED_MANIFEST: z.string().optional(),
  SPINE_DATABASE_URL: z.string().optional(),
  SPINE_GATEWAY_DATABASE_URL: z.string().optional(),
};

type Values = z.output<z.ZodObject<typeof securityVariables>>;

/** The configuration that the variables say. */
export function securityConfigOf(values: Values): SecurityConfig {
  return {
    limits: {
      characters: values.SPINE_GATEWAY_MAX_CHARACTERS,
      operationName: values.SPINE_GATEWAY_MAX_OPERATION_NAME,
      tokens: values.SPINE_GATEWAY_MAX_TOKENS,
      tokensWithoutRole: values.SPINE_GATEWAY_MAX_TOKENS_WITHOUT_ROLE,
      nesting: values.SPINE_GATEWAY_MAX_NESTING,
      depth: values.SPINE_GATEWAY_MAX_DEPTH,
      aliases: values.SPINE_GATEWAY_MAX_ALIASES,
      rootFields: values.SPINE_GATEWAY_MAX_ROOT_FIELDS,
      rootAliases: values.SPINE_GATEWAY_MAX_ROOT_ALIASES,
      directives: values.SPINE_GATEWAY_MAX_DIRECTIVES,
      fields: values.SPINE_GATEWAY_MAX_FIELDS,
    },
    trusted: {
      mode: values.SPINE_GATEWAY_TRUSTED_DOCUMENTS,
      manifestFile: values.SPINE_GATEWAY_TRUSTED_MANIFEST ?? null,
    },
    cost: { mode: values.SPINE_GATEWAY_COST, most: values.SPINE_GATEWAY_MAX_COST },
    rate: {
      costPerMinute: values.SPINE_GATEWAY_RATE_COST_PER_MINUTE,
      failuresPerMinute: values.SPINE_GATEWAY_RATE_FAILURES_PER_MINUTE,
    },
    http: {
      bodyBytes: values.SPINE_GATEWAY_MAX_BODY_BYTES,
      urlBytes: values.SPINE_GATEWAY_MAX_URL_BYTES,
      headerBytes: values.SPINE_GATEWAY_MAX_HEADER_BYTES,
    },
    databaseUrl: values.SPINE_GATEWAY_DATABASE_URL ?? values.SPINE_DATABASE_URL ?? null,
  };
}

/** What is wrong with variables that are each right. */
export function checkSecurity(values: Values, context: z.core.$RefinementCtx): void {
  if (values.SPINE_GATEWAY_TRUSTED_DOCUMENTS === 'off') return;
  if (values.SPINE_GATEWAY_TRUSTED_MANIFEST !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['SPINE_GATEWAY_TRUSTED_MANIFEST'],
    message: 'is needed, since SPINE_GATEWAY_TRUSTED_DOCUMENTS is not off',
  });
}
