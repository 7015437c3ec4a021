import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditStore } from './audit-store.ts';

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const range = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'is the number of an entry')
    .transform(BigInt)
    .default(0n),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  from: moment.optional(),
  to: moment.optional(),
});

/** Serves the audit log, a page at a time, to those who look after security and compliance. */
export function serveAudit(app: FastifyInstance, store: AuditStore): void {
  app.get('/audit', async (request) => {
    requireRole(principalOf(request), 'security', 'compliance');
    const { after, limit, from, to } = parseBody(range, request.query);
    const entries = await store.list({
      after,
      limit,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    });
    return {
      entries: entries.map(({ seq, prevHash, hash, body }) => ({
        seq: String(seq),
        prevHash,
        hash,
        entry: JSON.parse(body),
      })),
    };
  });
}
