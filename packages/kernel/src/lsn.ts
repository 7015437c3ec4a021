declare const lsnBrand: unique symbol;

/** A byte position in the WAL. Inside the product it is a bigint, outside it is the text `X/Y` in hex. */
export type Lsn = bigint & { readonly [lsnBrand]: true };

/** The position before every other. */
export const lsnZero = 0n as Lsn;

/** Parses Postgres's text form, `16/B374D848`. Throws on anything else. */
export function parseLsn(text: string): Lsn {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text);
  if (!match) throw new TypeError(`not an LSN: ${JSON.stringify(text)}; expected X/Y in hex`);
  return ((BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`)) as Lsn;
}

/** Reads the 8 bytes of the protocol. */
export function lsnFromBytes(bytes: Buffer, offset: number): Lsn {
  return bytes.readBigUInt64BE(offset) as Lsn;
}

/** The text form, as Postgres prints it. */
export function formatLsn(lsn: Lsn): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`;
}
