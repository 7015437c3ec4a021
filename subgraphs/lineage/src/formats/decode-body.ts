import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from '@spine/kernel/problem';

/** Most bytes on the wire, and most after decompression. */
export const maxBodyBytes = 10 * 1024 * 1024;
export const maxDecodedBytes = 32 * 1024 * 1024;

const decompress = promisify(gunzip);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON value of a request body. Decompression stops at the bound, so that a small body cannot grow without one. Throws
 * EVENT_INVALID, PAYLOAD_TOO_LARGE or UNSUPPORTED_MEDIA_TYPE.
 */
export async function decodeBody(body: Uint8Array, encoding: string | undefined): Promise<unknown> {
  const bytes = await inflate(body, encoding?.trim().toLowerCase() ?? 'identity');
  if (bytes.length === 0) throw invalid('the body is empty');
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw invalid('the body is not JSON in UTF-8', error);
  }
}

async function inflate(body: Uint8Array, encoding: string): Promise<Uint8Array> {
  switch (encoding) {
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return await inflateGzip(body);
    default:
      throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'the content encoding is not accepted here', {
        fix: 'send it plain or with Content-Encoding: gzip',
      });
  }
}

async function inflateGzip(body: Uint8Array): Promise<Uint8Array> {
  try {
    return await decompress(body, { maxOutputLength: maxDecodedBytes });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Problem('PAYLOAD_TOO_LARGE', `the event is larger than ${maxDecodedBytes} bytes`, {
        fix: 'leave heavy facets out',
        cause: error,
      });
    }
    throw invalid('the body is not gzip, though its content encoding says so', error);
  }
}

function invalid(message: string, cause?: unknown): Problem {
  return new Problem('EVENT_INVALID', message, { fix: 'send one OpenLineage event as JSON in UTF-8', cause });
}
