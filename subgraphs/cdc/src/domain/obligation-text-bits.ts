/** A bit string, `10110`: its length in bits, then the bits. */
export function bitText(bytes: Buffer): string {
  const length = bytes.readInt32BE(0);
  let text = '';
  for (const byte of bytes.subarray(4)) text += byte.toString(2).padStart(8, '0');
  return text.slice(0, length);
}

/** By the two upper bits of a position; the last weight is not shown. */
const weights = ['', 'C', 'B', 'A'];

/** The words of a tsvector with their places, `'cat':2A,5 'dog':3`. */
export function tsvectorText(bytes: Buffer): string {
  const count = bytes.readInt32BE(0);
  const words: string[] = [];
  let at = 4;
  for (let word = 0; word < count; word += 1) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new RangeError('a tsvector is cut off');
    const lexeme = bytes.toString('utf8', at, end).replace(/['\\]/g, '$&$&');
    const places: string[] = [];
    const placeCount = bytes.readUInt16BE(end + 1);
    at = end + 3;
    for (let place = 0; place < placeCount; place += 1, at += 2) {
      const position = bytes.readUInt16BE(at);
      places.push(`${position & 0x3fff}${weights[position >> 14] ?? ''}`);
    }
    words.push(`'${lexeme}'${places.length > 0 ? `:${places.join(',')}` : ''}`);
  }
  return words.join(' ');
}
