import {
  mostSupergraphBytes,
  type SupergraphReader,
  type SupergraphText,
  unreadable,
} from './supergraph-reader.ts';

export interface UrlReaderOptions {
  readonly signed: boolean;
  readonly timeoutMs?: number;
}

/** Reads a supergraph from a URL, and its signature from the same with `.sig`. An ETag spares the body of what is known. */
export function createUrlReader(
  url: string,
  { signed, timeoutMs = 10_000 }: UrlReaderOptions,
): SupergraphReader {
  const signatureUrl = new URL(url);
  signatureUrl.pathname += '.sig';
  let known: { readonly etag: string | null; readonly text: SupergraphText } | null = null;

  async function get(from: string | URL, etag: string | null, signal: AbortSignal): Promise<Response> {
    const response = await fetch(from, {
      headers: etag === null ? {} : { 'if-none-match': etag },
      // Where it comes from is configured, not told by an answer.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.ok || (response.status === 304 && etag !== null)) return response;
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }

  return {
    async read(signal) {
      try {
        const response = await get(url, known?.etag ?? null, signal);
        const sdl =
          known !== null && response.status === 304 ? known.text.sdl : await readWithin(response, url);
        const signature = signed
          ? await readWithin(await get(signatureUrl, null, signal), signatureUrl.href)
          : null;
        const same = known !== null && known.text.sdl === sdl && known.text.signature === signature;
        const etag = response.headers.get('etag') ?? (response.status === 304 ? (known?.etag ?? null) : null);
        known = { etag, text: { sdl, signature } };
        return same ? null : known.text;
      } catch (cause) {
        // What comes after a failure is looked at anew.
        known = null;
        throw unreadable(url, cause instanceof Error ? cause.message : 'no answer', cause);
      }
    },
  };
}

async function readWithin(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostSupergraphBytes) throw new Error(`${url} sends more than ${mostSupergraphBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
