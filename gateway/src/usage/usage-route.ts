import { requireRole } from '@spine/platform/auth/authorise';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import type { UsageRecorder } from './record-usage.ts';
import { dayOf, type UsageStore } from './usage-store.ts';

/** The days that a report covers: today, and thirty whole ones before it. */
const reportDays = 30;

/** Serves how often each field was selected, as the check of breaking changes reads it (docs/graph.md). */
export function serveUsage(
  app: FastifyInstance,
  { store, recorder }: { readonly store: UsageStore; readonly recorder: Pick<UsageRecorder, 'flush'> },
): void {
  app.get('/usage', async (request) => {
    requireRole(principalOf(request), 'operator', 'steward');
    await recorder.flush();
    const now = new Date();
    const to = dayOf(now);
    const { from, fields } = await store.since(dayOf(now, reportDays));
    return { from: from ?? to, to, fields };
  });
}
