import type { Budget } from '../budget.ts';
import { type CharacterSet, type Expression, isIn, readExpression, wordSet } from './pattern-syntax.ts';
import { sampleTexts } from './sample-texts.ts';

/** A pattern that is matched in bounded steps, whatever it says: no text makes it go back and try again. */
export interface Pattern {
  /** Whether some part of the text matches; undefined where the steps do not suffice to tell. */
  matches(text: string): boolean | undefined;
  /** A few texts that match, the shortest first. */
  samples(): readonly string[];
}

/** Reads patterns, each once. Undefined for one that is not understood: nothing is known of what matches it. */
export type Patterns = (pattern: string) => Pattern | undefined;

export function createPatterns(budget: Budget): Patterns {
  const known = new Map<string, Pattern | undefined>();
  return (text) => {
    if (!known.has(text)) known.set(text, compilePattern(text, budget));
    return known.get(text);
  };
}

function compilePattern(text: string, budget: Budget): Pattern | undefined {
  budget.spend(Math.ceil(text.length / 10));
  const expression = readExpression(text);
  const program = expression && compile(expression);
  if (expression === undefined || program === undefined) return undefined;
  const matches = (subject: string) => run(program, subject, budget);
  return { matches, samples: () => sampleTexts(expression).filter((sample) => matches(sample) === true) };
}

/** One step of a match: the states of a nondeterministic automaton (Thompson 1968). */
type Step =
  | { readonly kind: 'one'; readonly of: CharacterSet }
  | { readonly kind: 'fork'; readonly to: readonly number[] }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no boundary' }
  | { readonly kind: 'ahead'; readonly program: readonly Step[]; readonly isRefused: boolean }
  | { readonly kind: 'found' };

const maxProgram = 4_000;
const maxMatchSteps = 200_000;

function compile(expression: Expression): readonly Step[] | undefined {
  const program: Step[] = [];
  const isSmall = emit(expression);
  program.push({ kind: 'found' });
  return isSmall ? program : undefined;

  function emit(part: Expression): boolean {
    if (program.length > maxProgram) return false;
    switch (part.kind) {
      case 'one':
      case 'assert':
        program.push(part);
        return true;
      case 'all':
        return part.parts.every(emit);
      case 'ahead': {
        const inner = compile(part.of);
        if (inner === undefined) return false;
        program.push({ kind: 'ahead', program: inner, isRefused: part.isRefused });
        return true;
      }
      case 'either': {
        const fork = reserve();
        const starts: number[] = [];
        const ends: number[] = [];
        for (const branch of part.branches) {
          starts.push(program.length);
          if (!emit(branch)) return false;
          ends.push(reserve());
        }
        program[fork] = { kind: 'fork', to: starts };
        for (const end of ends) program[end] = { kind: 'fork', to: [program.length] };
        return true;
      }
      case 'repeat':
        return emitRepeat(part);
    }
  }

  function emitRepeat({ of, min, max }: Extract<Expression, { kind: 'repeat' }>): boolean {
    for (let count = 0; count < min; count += 1) if (!emit(of)) return false;
    if (max === Number.POSITIVE_INFINITY) {
      const fork = reserve();
      if (!emit(of)) return false;
      program.push({ kind: 'fork', to: [fork] });
      program[fork] = { kind: 'fork', to: [fork + 1, program.length] };
      return true;
    }
    const forks: number[] = [];
    for (let count = min; count < max; count += 1) {
      forks.push(reserve());
      if (!emit(of)) return false;
    }
    for (const fork of forks) program[fork] = { kind: 'fork', to: [fork + 1, program.length] };
    return true;
  }

  function reserve(): number {
    program.push({ kind: 'found' });
    return program.length - 1;
  }
}

function run(program: readonly Step[], text: string, budget: Budget): boolean | undefined {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  let steps = 0;
  let isTired = false;
  const result = search(program, 0, true);
  // A step of a match is a small one.
  budget.spend(Math.ceil(steps / 5));
  return isTired ? undefined : result;

  /** All ways at once: which steps can be reached after each character. */
  function search(of: readonly Step[], from: number, anywhere: boolean): boolean {
    let states = new Set<number>();
    for (let at = from; at <= codes.length; at += 1) {
      if (anywhere || at === from) states.add(0);
      const { reached, isFound } = close(of, states, at);
      if (isFound) return true;
      const after = new Set<number>();
      const code = codes[at];
      for (const state of reached) {
        const step = of[state];
        if (code !== undefined && step?.kind === 'one' && isIn(step.of, code)) after.add(state + 1);
      }
      if (isTired || (!anywhere && after.size === 0)) return false;
      states = after;
    }
    return false;
  }

  /** The steps that can be reached without taking a character. */
  function close(of: readonly Step[], states: Iterable<number>, at: number) {
    const reached = new Set(states);
    for (const state of reached) {
      steps += 1;
      if (steps > maxMatchSteps) {
        isTired = true;
        break;
      }
      const step = of[state];
      if (step?.kind === 'found') return { reached, isFound: true };
      if (step?.kind === 'fork') for (const to of step.to) reached.add(to);
      if (step?.kind === 'assert' && holds(step.what, at)) reached.add(state + 1);
      if (step?.kind === 'ahead' && search(step.program, at, false) !== step.isRefused)
        reached.add(state + 1);
    }
    return { reached, isFound: false };
  }

  function holds(what: 'start' | 'end' | 'boundary' | 'no boundary', at: number): boolean {
    if (what === 'start') return at === 0;
    if (what === 'end') return at === codes.length;
    const [before, after] = [codes[at - 1], codes[at]].map(
      (code) => code !== undefined && isIn(wordSet, code),
    );
    return (before !== after) === (what === 'boundary');
  }
}
