/** The family byte of an IPv4 address; that of IPv6 is the next number. */
const ipv4Family = 2;

/** An inet or cidr with the length of its network, as a cast to text shows it: `10.0.0.1/32`, `2001:db8::/48`. */
export function inetText(bytes: Buffer): string {
  const [family, bits] = bytes;
  const address = bytes.subarray(4);
  return `${family === ipv4Family ? address.join('.') : ipv6Text(address)}/${bits}`;
}

/** A MAC address of six or eight bytes. */
export function macaddrText(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The longest run of zeros is left out; an address that carries an IPv4 one ends with that. */
function ipv6Text(address: Buffer): string {
  const words = Array.from({ length: 8 }, (_, place) => address.readUInt16BE(place * 2));
  const run = longestZeroRun(words);
  const carries = run.start === 0 && (run.length === 6 || (run.length === 5 && words[5] === 0xffff));
  const groups = carries ? words.slice(0, 6) : words;
  const shown = groups.map((word) => word.toString(16));
  const tail = carries ? [address.subarray(12).join('.')] : [];
  if (run.length < 2) return shown.join(':');
  const after = [...shown.slice(run.start + run.length), ...tail];
  return `${shown.slice(0, run.start).join(':')}::${after.join(':')}`;
}

function longestZeroRun(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: -1, length: 0 };
  let start = 0;
  for (const [place, word] of words.entries()) {
    if (word !== 0) start = place + 1;
    else if (place + 1 - start > best.length) best = { start, length: place + 1 - start };
  }
  return best;
}
