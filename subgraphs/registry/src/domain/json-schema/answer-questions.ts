import type { Budget } from './budget.ts';
import type { Comparison } from './difference.ts';

/** Asks another question on the way to an answer. */
export type Ask<Question> = (question: Question) => Comparison;

export interface Questions<Question> {
  readonly budget: Budget;
  /** One text for questions that are the same. */
  keyOf(question: Question): string;
  answer(question: Question, ask: Ask<Question>): Comparison;
}

/** Questions asked inside questions, each some frames of the stack. A deeper one waits for its turn. */
const maxNesting = 100;

const yes: Comparison = { isCompatible: true, differences: [] };

/**
 * Answers a question whose answer rests on others, and may rest on itself. One that is asked inside itself, or too deep
 * inside others, is first taken to be answered with yes. Where that proves wrong all is asked again with the right answer
 * known, until nothing was taken wrongly: what rests on a wrong assumption is never kept. Values end, so that a yes which
 * rests only on itself is right.
 */
export function answerQuestion<Question>(first: Question, questions: Questions<Question>): Comparison {
  const refuted = new Map<string, Comparison>();
  for (;;) {
    const { result, hasRefuted } = askOnce(first, questions, refuted);
    if (!hasRefuted) return result;
  }
}

function askOnce<Question>(
  first: Question,
  { budget, keyOf, answer }: Questions<Question>,
  refuted: Map<string, Comparison>,
): { readonly result: Comparison; readonly hasRefuted: boolean } {
  const answered = new Map<string, Comparison>();
  const asked = new Set<string>();
  const assumed = new Map<string, Question>();
  let hasRefuted = false;
  let nesting = 0;

  function ask(question: Question): Comparison {
    budget.spend(1);
    const key = keyOf(question);
    const known = answered.get(key);
    if (known !== undefined) return known;
    if (asked.has(key)) {
      assumed.set(key, question);
      // What is found there is told by whoever asked first.
      return refuted.has(key) ? { isCompatible: false, differences: [] } : yes;
    }
    if (nesting >= maxNesting) {
      assumed.set(key, question);
      return refuted.get(key) ?? yes;
    }
    return settle(question, key);
  }

  function settle(question: Question, key: string): Comparison {
    // To answer costs more than to know the answer.
    budget.spend(5);
    asked.add(key);
    nesting += 1;
    const result = answer(question, ask);
    nesting -= 1;
    asked.delete(key);
    answered.set(key, result);
    return result;
  }

  const result = ask(first);
  // Grows while it is read.
  for (const [key, question] of assumed) {
    const found = answered.get(key) ?? settle(question, key);
    if (found.isCompatible || refuted.has(key)) continue;
    refuted.set(key, found);
    hasRefuted = true;
  }
  return { result, hasRefuted };
}

/** Numbers things, so that questions about them have keys. */
export function createNumbering(): (thing: object) => number {
  const numbers = new Map<object, number>();
  return (thing) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
}
