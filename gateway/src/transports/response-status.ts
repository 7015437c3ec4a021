import { problemCodes } from '@spine/kernel/problem-codes';
import { isProblemCode } from '@spine/platform/http/problem-document';

/** How one GraphQL answer is written: the newer type says by its status whether the operation ran. */
export type ResponseMedia = 'application/json' | 'application/graphql-response+json';

const offered: readonly ResponseMedia[] = ['application/json', 'application/graphql-response+json'];

/**
 * The media type that a client's Accept asks for (graphql-over-http, section 4.1): plain JSON where it has no wish, null
 * when it takes neither.
 */
export function negotiateMedia(accept: string | undefined): ResponseMedia | null {
  if (accept === undefined || accept.trim() === '') return 'application/json';
  const ranges = accept.split(',').map(parseRange);
  const wanted = offered
    .map((media) => ({ media, quality: qualityOf(media, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.media ?? null;
}

/**
 * The status of an answer. As plain JSON a well-formed request is answered 200, whatever its errors: old clients read the
 * body of nothing else. Only what stopped a request from being looked at says so there: a wrong shape, a method, a rate.
 */
export function responseStatus(
  media: ResponseMedia,
  { ran, code }: { readonly ran: boolean; readonly code: string },
): number {
  if (ran) return 200;
  const status = isProblemCode(code) ? problemCodes[code] : 400;
  const always = code === 'BAD_REQUEST' || status === 405 || status === 429;
  return media === 'application/json' && !always ? 200 : status;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = given === undefined ? 1 : Number(given);
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The most specific range that matches decides (RFC 9110, 12.5.1). */
function qualityOf(media: ResponseMedia, ranges: readonly Range[]): number {
  for (const candidate of [media, 'application/*', '*/*']) {
    const range = ranges.find(({ type }) => type === candidate);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
