import type { NumberRange } from '../../domain/protobuf/proto-file.ts';
import type { ProtoToken } from './read-tokens.ts';
import type { TokenReader } from './token-reader.ts';

/** The token that a piece begins with: it has its line and its comment. */
export type Opening = Pick<ProtoToken, 'line' | 'before'>;

/** The comment above a piece, or else the one behind it. */
export function docOf(opening: Opening, behind: string | undefined): { readonly doc?: string } {
  const doc = opening.before ?? behind;
  return doc === undefined || doc === '' ? {} : { doc };
}

/** What follows `reserved`: numbers and ranges, or names. */
export function readReserved(
  reader: TokenReader,
  target: { readonly ranges: NumberRange[]; readonly names: string[] },
  least: number,
  most: number,
): void {
  do {
    const { kind } = reader.peek();
    if (kind === 'string') target.names.push(reader.takeString());
    // Editions write reserved names as words.
    else if (kind === 'word') target.names.push(reader.takeName('what is reserved'));
    else target.ranges.push(readRange(reader, least, most));
  } while (reader.skip(','));
  reader.expect(';');
}

/** `5`, `5 to 9`, `5 to max`. */
export function readRange(reader: TokenReader, least: number, most: number): NumberRange {
  const first = reader.takeInteger(least, most);
  if (!reader.skip('to')) return { first, last: first };
  return { first, last: reader.skip('max') ? most : reader.takeInteger(first, most) };
}
