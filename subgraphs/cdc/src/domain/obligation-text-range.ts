/** Flags of a range in its binary form. */
const flag = { empty: 0x01, fromIncluded: 0x02, toIncluded: 0x04, fromOpen: 0x08, toOpen: 0x10 } as const;

/** How a range is shown whose bounds `boundText` shows: `[1,5)`, `empty`, `["2024-01-01 00:00:00",)`. */
export function rangeText(boundText: (bytes: Buffer) => string): (bytes: Buffer) => string {
  return (bytes) => {
    const flags = bytes[0] ?? 0;
    if ((flags & flag.empty) !== 0) return 'empty';
    let at = 1;
    const bound = (open: number): string => {
      if ((flags & open) !== 0) return '';
      const length = bytes.readInt32BE(at);
      const text = boundText(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
      return text.includes(' ') ? `"${text}"` : text;
    };
    const from = bound(flag.fromOpen);
    const to = bound(flag.toOpen);
    return `${(flags & flag.fromIncluded) === 0 ? '(' : '['}${from},${to}${(flags & flag.toIncluded) === 0 ? ')' : ']'}`;
  };
}

/** How a multirange is shown: `{[1,3),[5,7)}`. */
export function multirangeText(boundText: (bytes: Buffer) => string): (bytes: Buffer) => string {
  const text = rangeText(boundText);
  return (bytes) => {
    const count = bytes.readInt32BE(0);
    const ranges: string[] = [];
    let at = 4;
    for (let range = 0; range < count; range += 1) {
      const length = bytes.readInt32BE(at);
      ranges.push(text(bytes.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    return `{${ranges.join(',')}}`;
  };
}
