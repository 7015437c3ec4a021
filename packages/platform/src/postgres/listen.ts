import type { Log } from '../log/create-log.ts';
import { keepListening } from './listen-session.ts';

export interface ListenOptions {
  readonly url: string;
  readonly channel: string;
  /** The payload of a notification, or null after each (re)connect: look again, some may have been missed. */
  readonly onNotify: (payload: string | null) => void;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Listens to one channel on its own connection until `signal` aborts, then resolves. Do not await it to go on: it
 * resolves only at the end. Reconnects for ever and never rejects for a lost connection.
 */
export function listen({ url, channel, onNotify, signal, log }: ListenOptions): Promise<void> {
  return keepListening({
    url,
    channels: () => [channel],
    onNotify: (_channel, payload) => onNotify(payload),
    signal,
    log,
  });
}
