import { createHmac } from 'node:crypto';

/** Names a key without telling it: tokens of one key bear one id, and those of the next key another. */
export function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('key id').digest('hex').slice(0, 8);
}

/** Makes tokens `<key id>.<43 letters>`: the HMAC-SHA-256 of the text in base64url. No hash of the same text is the same. */
export function tokensUnder(key: Buffer): (text: Buffer | string) => string {
  const id = keyId(key);
  return (text) => `${id}.${createHmac('sha256', key).update('token\0').update(text).digest('base64url')}`;
}

/**
 * A token that looks like what it stands for: a digit for each digit, a letter of the same case for each letter, and all else as
 * it is, in its place. The whole text decides over each character. Short texts can share a token, so it is no key.
 */
export function tokenInFormat(key: Buffer, text: string): string {
  const nextNumber = createNumbers(key, text);
  let token = '';
  for (const character of text) token += substitute(character, nextNumber);
  return token;
}

function substitute(character: string, nextNumber: () => number): string {
  if (/\p{Nd}/u.test(character)) return String(nextNumber() % 10);
  if (!/\p{L}/u.test(character)) return character;
  // Letters of every alphabet become ASCII; those without a case lower ones.
  const first = /\p{Lu}/u.test(character) ? 65 : 97;
  return String.fromCharCode(first + (nextNumber() % 26));
}

/** Numbers of 32 bits that the key draws from the text, without end: so wide that no remainder is likelier than another. */
function createNumbers(key: Buffer, text: string): () => number {
  const seed = createHmac('sha256', key).update('token in format\0').update(text).digest();
  let block = Buffer.alloc(0);
  let blocks = 0;
  let at = 0;
  return () => {
    if (at === block.length) {
      block = createHmac('sha256', seed).update(String(blocks)).digest();
      blocks += 1;
      at = 0;
    }
    at += 4;
    return block.readUInt32BE(at - 4);
  };
}
