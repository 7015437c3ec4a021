import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '@spine/kernel/problem';

/**
 * The WWW-Authenticate of a refusal (RFC 6750, section 3): that a token is asked for, and of one that was sent what is
 * wrong with it, so that a client fetches a fresh one instead of asking its user.
 */
export function challengeOf(problem: Problem, { authorization }: IncomingHttpHeaders): string {
  const challenge = 'Bearer realm="spine"';
  if (authorization === undefined || !/^bearer /i.test(authorization)) return challenge;
  const description = problem.message.replaceAll(/[^\x20-\x7e]|["\\]/g, ' ');
  return `${challenge}, error="invalid_token", error_description="${description}"`;
}
