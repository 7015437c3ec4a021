import { type CharacterSet, type Expression, isIn } from './pattern-syntax.ts';

/** Longer texts tell nobody more. */
const maxLength = 300;

const readable = [...'aA0b1_- .@/:zZ9~'].map((character) => character.codePointAt(0) ?? 0);

/** Texts that an expression is likely to match, by always taking the first way, with few and with more repetitions. */
export function sampleTexts(expression: Expression): readonly string[] {
  const texts = [0, 1, 3].map((more) => sample(expression, more)).filter((text) => text.length <= maxLength);
  return [...new Set(texts)];
}

function sample(expression: Expression, more: number): string {
  switch (expression.kind) {
    case 'one':
      return String.fromCodePoint(memberOf(expression.of));
    case 'all':
      return expression.parts.map((part) => sample(part, more)).join('');
    case 'either': {
      const branch = expression.branches[more % expression.branches.length];
      return branch === undefined ? '' : sample(branch, more);
    }
    case 'repeat': {
      const count = Math.min(expression.min + more, expression.max, maxLength);
      return sample(expression.of, more)
        .repeat(count)
        .slice(0, maxLength + 1);
    }
    default:
      return '';
  }
}

function memberOf(set: CharacterSet): number {
  return readable.find((code) => isIn(set, code)) ?? set.ranges[0]?.[0] ?? 0x61;
}
