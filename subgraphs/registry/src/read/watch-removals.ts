import type { ListenHub } from '@spine/platform/postgres/listen-hub';
import type { ReadyAnswers } from './ready-answers.ts';

/**
 * Forgets what is at hand whenever a version is removed for good, by whichever process: its content is the one thing that an
 * answer kept for ever may be about and that can go away. Also when word of it may have been missed. Returns the way out.
 */
export function watchRemovals(hub: ListenHub, schema: string, ready: ReadyAnswers): () => void {
  return hub.subscribe(`${schema}.removal`, () => ready.clear());
}
