import { createLru } from '@spine/platform/lru';

/** What the API answers with, the one it likes best first. */
const offered = [
  'application/vnd.schemaregistry.v1+json',
  'application/vnd.schemaregistry+json',
  'application/json',
] as const;

/** What a body may be sent as; the last one is taken for JSON, as a client means it that says nothing. */
export const acceptedTypes: readonly string[] = [...offered, 'application/octet-stream'];

/** The type of an answer that an Accept header asks for, or undefined if none would do (RFC 9110 §12.5.1). */
export function chooseMediaType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  // A client says the same every time.
  const known = chosenBefore.get(accept);
  if (known !== undefined) return known;
  const type = choose(accept);
  if (type !== undefined) chosenBefore.set(accept, type);
  return type;
}

const chosenBefore = createLru<string, string>(64);

function choose(accept: string): string | undefined {
  const ranges = accept.split(',').map(parseRange);
  const weighed = offered.map((type, index) => {
    const [best] = ranges
      .filter(({ range }) => range === type || range === 'application/*' || range === '*/*')
      .sort((a, b) => b.range.length - a.range.length);
    // Of equals the better liked one.
    return {
      type,
      weight: (best?.weight ?? 0) * (preference[index] ?? 0),
      isAsked: best !== undefined && best.weight > 0,
    };
  });
  const [chosen] = weighed.filter(({ isAsked }) => isAsked).sort((a, b) => b.weight - a.weight);
  return chosen?.type;
}

const preference: readonly number[] = [1, 0.9, 0.5];

function parseRange(text: string): { readonly range: string; readonly weight: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { range, weight: Number.isFinite(weight) ? weight : 0 };
}
