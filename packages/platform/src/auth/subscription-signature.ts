import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Claims } from './claims.ts';
import type { Principal } from './principal.ts';
import {
  hashBody,
  type IncomingHeaders,
  signRequest,
  type Verifier,
  verifyRequest,
} from './service-signature.ts';

const path = '/graphql';

/** What a `subscribe` message asks for; the signature covers all of it. */
export interface SubscribeOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

interface Signer {
  readonly secret: string;
  readonly service: string;
  readonly now: Date;
}

/** The payload of `connection_init` that proves to a subgraph which service connects. Make it anew for each connection. */
export function signConnection(signer: Signer): Record<string, string> {
  return signRequest({ ...signer, method: 'CONNECT', path });
}

/** What a `subscribe` message carries as `extensions.spine`: for whom it asks. Make it anew for each message. */
export function signSubscribe(
  signer: Signer & { readonly claims: Claims; readonly operation: SubscribeOperation },
): Record<string, string> {
  const { operation, ...request } = signer;
  return signRequest({ ...request, method: 'SUBSCRIBE', path, body: signedText(operation) });
}

/** The service that connects. Throws UNAUTHENTICATED. */
export function verifyConnection(of: Verifier & { readonly payload: IncomingHeaders }): Principal {
  const { payload, ...verifier } = of;
  return verifyRequest({
    ...verifier,
    headers: payload,
    method: 'CONNECT',
    path,
    bodyHash: hashBody(undefined),
  });
}

/** The principal for whom a subscribe message asks. Throws UNAUTHENTICATED. */
export function verifySubscribe(
  of: Verifier & { readonly signature: IncomingHeaders; readonly operation: SubscribeOperation },
): Principal {
  const { signature, operation, ...verifier } = of;
  const bodyHash = hashBody(signedText(operation));
  return verifyRequest({ ...verifier, headers: signature, method: 'SUBSCRIBE', path, bodyHash });
}

function signedText({ query, operationName, variables }: SubscribeOperation): string {
  return canonicalJson({ query, operationName: operationName ?? null, variables: variables ?? {} });
}
