import { invariant } from '@spine/kernel/invariant';

/** The text of a numeric from its binary form: base 10,000 digits, weight, sign and the scale to show. */
export function numericText(bytes: Buffer): string {
  const count = bytes.readUInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  const digit = (place: number): string => {
    const index = weight - place;
    const value = index >= 0 && index < count ? bytes.readUInt16BE(8 + index * 2) : 0;
    return String(value).padStart(4, '0');
  };
  let whole = '';
  for (let place = weight; place >= 0; place -= 1) whole += digit(place);
  let fraction = '';
  for (let place = -1; fraction.length < scale; place -= 1) fraction += digit(place);
  whole = whole.replace(/^0+/, '') || '0';
  fraction = fraction.slice(0, scale);
  return `${sign === 0x4000 ? '-' : ''}${whole}${scale > 0 ? `.${fraction}` : ''}`;
}

/** The text of a float as Postgres prints it: the shortest digits that read back to the same value. */
export function floatText(value: number, width: 'single' | 'double'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  if (value === Number.NEGATIVE_INFINITY) return '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const shortest = width === 'single' ? shortestSingle(value) : value.toExponential();
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(shortest);
  invariant(match !== null, 'toExponential has one form');
  const [, sign = '', first = '', rest = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const digits = first + rest;
  // Where Postgres changes to the exponent form.
  if (exponent < -4 || exponent >= (width === 'single' ? 6 : 15)) {
    const magnitude = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${first}${rest === '' ? '' : `.${rest}`}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${sign}${digits.padEnd(exponent + 1, '0')}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function shortestSingle(value: number): string {
  for (let fractionDigits = 0; fractionDigits < 9; fractionDigits += 1) {
    const text = value.toExponential(fractionDigits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}
