import { roles } from '@spine/kernel/role';
import { hasRole } from '@spine/platform/auth/authorise';
import type { Principal } from '@spine/platform/auth/principal';
import { createLru } from '@spine/platform/lru';
import { GraphQLError, parse } from 'graphql';
import type { PrepareOperation } from '../execution/prepare-operation.ts';
import { checkLimits, checkText, over } from '../limits/check-limits.ts';
import { measureText } from '../limits/measure-text.ts';
import { nestsDeeper } from '../limits/nests-deeper.ts';
import type { OperationLimits } from '../limits/operation-limits.ts';
import { isRecord } from '../links/is-record.ts';
import type { ResolveDocument } from '../trusted/resolve-document.ts';

/** A request of the shape that GraphQL clients send, with its document found and within the limits. */
export interface AdmittedRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Lets a request in or says why not: before its text is validated, on every transport. */
export type FrontDoor = (request: unknown, principal: Principal) => AdmittedRequest | readonly GraphQLError[];

export interface FrontDoorDeps {
  readonly limits: OperationLimits;
  readonly resolveDocument: ResolveDocument;
  /** Told of each refusal: the limit that was broken, else the code. */
  readonly onRefused: (reason: string) => void;
}

/** Creates the door: shape, trusted document, limits of the text, limits of the operation; the cheap checks first. */
export function createFrontDoor({ limits, resolveDocument, onRefused }: FrontDoorDeps): FrontDoor {
  // Clients send the same few texts again and again.
  const verdicts = createLru<string, Verdict>(1_000);

  function judge(text: string): Verdict {
    const known = verdicts.get(text);
    if (known !== undefined) return known;
    const measure = measureText(text);
    const broken = checkText(measure, limits);
    const verdict = {
      tokens: measure.tokens,
      refusals: broken.length > 0 ? broken : checkParsed(text, limits),
    };
    verdicts.set(text, verdict);
    return verdict;
  }

  function admit(request: unknown, principal: Principal): AdmittedRequest | readonly GraphQLError[] {
    const shaped = shapeOf(request);
    if (Array.isArray(shaped)) return shaped;
    const sent = typeof shaped.query === 'string' ? shaped.query.length : 0;
    // Before anything is done with it: nobody should hash a megabyte to learn that it is one.
    const tooLong = checkText({ characters: sent, tokens: 0, nesting: 0 }, limits);
    if (tooLong.length > 0) return tooLong;
    const query = resolveDocument(shaped);
    if (typeof query !== 'string') return query;
    const { operationName, variables, extensions } = shaped;
    if (nestsDeeper(variables, limits.nesting)) return [deepVariables];
    const { tokens, refusals } = judge(query);
    const refused = [
      ...refusals,
      ...over(
        'operationName',
        operationName?.length ?? 0,
        limits.operationName,
        'the name of the operation has',
        'characters',
      ),
      ...(hasRole(principal, ...roles)
        ? []
        : over('tokensWithoutRole', tokens, limits.tokensWithoutRole, 'the document has', 'tokens')),
    ];
    if (refused.length > 0) return refused;
    return {
      query,
      ...(operationName != null && { operationName }),
      ...(variables != null && { variables }),
      // The document is found; a server behind this door keeps none.
      ...(extensions != null && { extensions: withoutPersistedQuery(extensions) }),
    };
  }

  return (request, principal) => {
    const admitted = admit(request, principal);
    if (isRefusal(admitted)) {
      for (const { extensions } of admitted) onRefused(String(extensions['limit'] ?? extensions['code']));
    }
    return admitted;
  };
}

/** Turns what a client sent into a valid operation, as PrepareOperation does, after the door let it in. */
export type AdmitOperation = (request: unknown, principal: Principal) => ReturnType<PrepareOperation>;

/** Puts the door before a preparation. */
export function behindDoor(door: FrontDoor, prepare: PrepareOperation): AdmitOperation {
  return (request, principal) => {
    const admitted = door(request, principal);
    return isRefusal(admitted) ? admitted : prepare(admitted);
  };
}

/** Whether the door stayed shut. */
export function isRefusal(
  admitted: AdmittedRequest | readonly GraphQLError[],
): admitted is readonly GraphQLError[] {
  return Array.isArray(admitted);
}

interface Verdict {
  readonly tokens: number;
  readonly refusals: readonly GraphQLError[];
}

interface ShapedRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

function shapeOf(request: unknown): ShapedRequest | GraphQLError[] {
  if (Array.isArray(request)) return [badRequest('requests are not answered in batches')];
  if (!isRecord(request)) return [badRequest('the request is not an object')];
  const { query, documentId, operationName, variables, extensions } = request;
  if (operationName != null && typeof operationName !== 'string') {
    return [badRequest('operationName is a string')];
  }
  if (variables != null && !isRecord(variables)) return [badRequest('variables are an object')];
  if (extensions != null && !isRecord(extensions)) return [badRequest('extensions are an object')];
  return {
    query,
    documentId,
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables }),
    ...(extensions !== undefined && { extensions }),
  };
}

const deepVariables = new GraphQLError('the variables nest too deep', {
  extensions: { code: 'OPERATION_TOO_LARGE', limit: 'nesting' },
});

function withoutPersistedQuery({ persistedQuery: _, ...extensions }: Readonly<Record<string, unknown>>) {
  return extensions;
}

function checkParsed(text: string, limits: OperationLimits): readonly GraphQLError[] {
  try {
    return checkLimits(parse(text, { noLocation: true, maxTokens: limits.tokens }), limits);
  } catch (error) {
    // Told by the parser of the transport, with its place.
    if (error instanceof GraphQLError) return [];
    if (error instanceof RangeError) {
      return [
        new GraphQLError('the operation nests too deep', { extensions: { code: 'OPERATION_TOO_LARGE' } }),
      ];
    }
    throw error;
  }
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}
