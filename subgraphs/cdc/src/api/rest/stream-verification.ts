import { Readable } from 'node:stream';
import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  openVerification,
  type Verification,
  type VerificationDeps,
} from '../../usecases/open-verification.ts';
import { verifyRoute } from '../../usecases/verify-route.ts';

const paramsShape = z.object({ route: z.string() });
const bodyShape = z.strictObject({ tables: z.array(z.string()).max(1_000).default([]) });

/** `POST /internal/routes/:route/verify`: compares source and sink, and tells how far it is as JSON lines; the last one is the end. */
export function addVerification(app: FastifyInstance, deps: VerificationDeps): void {
  app.post('/internal/routes/:route/verify', async (request, reply) => {
    requireRole(principalOf(request), 'operator', 'compliance', 'service');
    const { route } = parseBody(paramsShape, request.params);
    const { tables } = parseBody(bodyShape, request.body ?? {});
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    const verification = await openVerification(deps, route, tables, left.signal);
    reply.type('application/x-ndjson');
    return reply.send(Readable.from(lines(verification, deps)));
  });
}

async function* lines(verification: Verification, { log }: VerificationDeps): AsyncGenerator<string> {
  const line = (value: object): string => `${JSON.stringify(value)}\n`;
  try {
    for (const { table, state } of verification.skipped) yield line({ kind: 'skipped', table, state });
    let equal = true;
    for await (const event of verifyRoute(verification.input)) {
      if (event.kind === 'result' && event.status !== 'equal') equal = false;
      yield line(event);
    }
    yield line({ kind: 'end', equal });
  } catch (error) {
    // The answer has begun: what went wrong is its last line.
    if (!(error instanceof Problem)) log.warn({ event: 'verify.failed', err: error });
    const { code, message, fix } =
      error instanceof Problem ? error : new Problem('INTERNAL', 'the comparison broke off');
    yield line({ kind: 'failed', code, message, ...(fix !== undefined && { fix }) });
  } finally {
    await verification.close();
  }
}
