import { Problem } from '@spine/kernel/problem';
import type { Breaker, Outcome } from './breaker.ts';
import type { SubgraphLink } from './subgraph-link.ts';

/**
 * The same link, which fails at once while its subgraph does not answer: a request should not wait for what is known to
 * be away, and a subgraph that is coming back should not be met by everyone at once. Errors of GraphQL are answers.
 * Streams pass: their readers wait between attempts by themselves.
 */
export function withBreaker(link: SubgraphLink, breaker: Breaker, onRefused: () => void): SubgraphLink {
  return {
    ...link,
    async execute(request, signal) {
      const report = breaker.ask();
      if (typeof report === 'number') {
        onRefused();
        const seconds = Math.max(0.1, Math.ceil(report / 100) / 10);
        throw new Problem('SERVICE_UNAVAILABLE', `the ${link.name} service does not answer`, {
          fix: `It is tried again in ${seconds} s.`,
        });
      }
      try {
        const result = await link.execute(request, signal);
        report('answered');
        return result;
      } catch (error) {
        report(outcomeOf(error, signal));
        throw error;
      }
    },
    breaker: () => breaker.state,
    async ready(signal) {
      const reason = await link.ready(signal);
      // Without this a gateway that gets no requests since it is not ready would never find out.
      if (reason === null) breaker.heardOf();
      else if (breaker.state !== 'closed') return `${reason}; its breaker is ${breaker.state}`;
      return reason;
    },
  };
}

function outcomeOf(error: unknown, { aborted, reason }: AbortSignal): Outcome {
  // Whoever left is no fault of the subgraph; one whose time was over has waited for it.
  if (aborted) return isTimeout(reason) ? 'unanswered' : 'given up';
  // It refuses what we send (a secret that is not its own, say): that is no way to be away.
  const status = error instanceof Problem ? error.extensions['peerStatus'] : undefined;
  return typeof status === 'number' && status < 500 ? 'answered' : 'unanswered';
}

function isTimeout(reason: unknown): boolean {
  return (
    reason instanceof Error &&
    (reason.name === 'TimeoutError' || ('code' in reason && reason.code === 'TIMEOUT'))
  );
}
