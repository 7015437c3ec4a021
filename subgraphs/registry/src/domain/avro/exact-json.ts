import { isRecord } from '../json.ts';
import { parseSchemaJson } from './schema-json.ts';

/** JSON as it was written: members in their order, numbers to the last digit. */
export type ExactJson =
  | { readonly kind: 'word'; readonly value: null | boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'array'; readonly items: readonly ExactJson[] }
  | ExactObject;

export interface ExactObject {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, ExactJson>;
}

/** Reads the JSON of a schema without a loss. `JSON.parse` knows no number beyond 2^53, and takes 1.0 for 1. */
export function parseExactJson(text: string): ExactJson {
  parseSchemaJson(text);
  // Texts and numbers are marked apart, both as texts; what was a number cannot be mistaken for what was a text.
  const marked = text.replace(tokens, (token) =>
    token.startsWith('"') ? `"${textMark}${token.slice(1)}` : `"${numberMark}${token}"`,
  );
  return unmark(JSON.parse(marked));
}

const textMark = 't';
const numberMark = 'n';
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

function unmark(json: unknown): ExactJson {
  if (typeof json === 'string') {
    const value = json.slice(1);
    return json.startsWith(numberMark) ? { kind: 'number', digits: value } : { kind: 'text', value };
  }
  if (Array.isArray(json)) return { kind: 'array', items: json.map(unmark) };
  if (isRecord(json)) {
    const members = Object.entries(json).map(([key, value]) => [key.slice(1), unmark(value)] as const);
    return { kind: 'object', members: new Map(members) };
  }
  return { kind: 'word', value: json === null ? null : json === true };
}

/** Writes JSON as Jackson does, the JSON library of Java: no spaces, fractions in Java's words. */
export function writeExactJson(json: ExactJson, options: { readonly sorted: boolean }): string {
  switch (json.kind) {
    case 'word':
      return String(json.value);
    case 'text':
      return JSON.stringify(json.value);
    case 'number':
      return writeNumber(json.digits);
    case 'array':
      return `[${json.items.map((item) => writeExactJson(item, options)).join(',')}]`;
    case 'object': {
      const members = [...json.members];
      const ordered = options.sorted ? members.sort(([a], [b]) => (a < b ? -1 : 1)) : members;
      return `{${ordered.map(([key, value]) => `${JSON.stringify(key)}:${writeExactJson(value, options)}`).join(',')}}`;
    }
  }
}

function writeNumber(digits: string): string {
  if (/^-?\d+$/.test(digits)) return digits === '-0' ? '0' : digits;
  return doubleText(Number(digits));
}

/** A double as Java writes it: always with a point, with an exponent below 0.001 and from ten million on. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return withPoint(String(value));
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${withPoint(digits)}E${Number(exponent)}`;
}

function withPoint(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`;
}
