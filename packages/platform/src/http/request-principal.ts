import { createHash, type Hash } from 'node:crypto';
import { pipeline, Transform } from 'node:stream';
import { invariant } from '@spine/kernel/invariant';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator, Caller } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { hashBody, isSigned } from '../auth/service-signature.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Throws on routes that are open to everyone. */
    readonly principal: Principal;
  }
  interface FastifyContextConfig {
    /** Answers everyone, whoever they are. */
    readonly open?: boolean;
  }
}

/**
 * Authenticates every request but those to open routes and to nothing, before the handler and after the body was read:
 * a service signature covers the bytes as they came, whatever a route makes of them.
 */
export function authenticateRequests(app: FastifyInstance, authenticator: Authenticator): void {
  const principals = new WeakMap<FastifyRequest, Principal>();
  const bodies = new WeakMap<FastifyRequest, Hash>();

  app.decorateRequest('principal', {
    getter() {
      const principal = principals.get(this);
      invariant(principal !== undefined, 'an open route asked who its caller is');
      return principal;
    },
  });

  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (!isSigned(request.headers)) {
      done(null, payload);
      return;
    }
    const hash = createHash('sha256');
    bodies.set(request, hash);
    const tap = Object.assign(
      new Transform({
        transform(chunk: Buffer, _encoding, next) {
          hash.update(chunk);
          tap.receivedEncodedLength += chunk.length;
          next(null, chunk);
        },
      }),
      { receivedEncodedLength: 0 },
    );
    // What fails here fails in the reader of the tap.
    pipeline(payload, tap, () => undefined);
    done(null, tap);
  });

  app.addHook('preValidation', async (request) => {
    if (request.is404 || request.routeOptions.config.open === true) return;
    const bodyHash = bodies.get(request)?.digest('hex') ?? hashBody(undefined);
    const caller = callerOf(request, { method: request.method, path: request.raw.url ?? '', bodyHash });
    principals.set(request, await authenticator.authenticate(caller));
  });
}

/** Who sends the request. Throws on routes that are open to everyone. */
export function principalOf(request: FastifyRequest): Principal {
  return request.principal;
}

/** A request as the authenticator sees it. */
export function callerOf(request: FastifyRequest, signed?: Caller['signed']): Caller {
  return {
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
    ...(signed === undefined ? {} : { signed }),
  };
}
