import type { OpenLineageEvent } from './event.ts';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import type { Transport } from './transport.ts';

/** Hands events to an OpenLineage consumer. */
export interface OpenLineageClient {
  /** Resolves when the consumer has accepted the event; rejects with a DeliveryError when it never did. */
  emit(event: OpenLineageEvent, signal?: AbortSignal): Promise<void>;
  /** Waits for what is under way and lets go of its connections. */
  close(): Promise<void>;
}

/** Opens a client over HTTP, or over a transport of your own. Nothing connects before the first event. */
export function createOpenLineageClient(
  options: HttpTransportOptions | { readonly transport: Transport },
): OpenLineageClient {
  const transport = 'transport' in options ? options.transport : createHttpTransport(options);
  return {
    emit: (event, signal) => transport.send(event, signal),
    close: () => transport.close(),
  };
}
