import type { LinkMetrics } from '../observability/link-metrics.ts';
import { type BreakerOptions, createBreaker } from './breaker.ts';
import type { SubgraphLink } from './subgraph-link.ts';
import { withBreaker } from './with-breaker.ts';
import { withRetry } from './with-retry.ts';
import { withSingleFlight } from './with-single-flight.ts';

/**
 * A link as the gateway uses it. The way to another process breaks, so there a query is sent again, a subgraph that does
 * not answer is left alone, and equal queries under way are one. In this process there is no way to break, and telling
 * equal queries would cost the text that such a link need not write (docs/decisions/0021).
 */
export function guardedLink(
  link: SubgraphLink,
  { breaker, metrics }: { readonly breaker: BreakerOptions; readonly metrics: LinkMetrics },
): SubgraphLink {
  if (!link.remote) return link;
  const { name } = link;
  metrics.setBreaker(name, 'closed');
  const guard = createBreaker(breaker, {
    now: () => performance.now(),
    onChange: (state) => metrics.setBreaker(name, state),
  });
  const retried = withRetry(link, () => metrics.countRetry(name));
  const refusable = withBreaker(retried, guard, () => metrics.countRefused(name));
  return withSingleFlight(refusable, () => metrics.countShared(name));
}
