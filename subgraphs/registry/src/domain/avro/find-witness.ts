import { Problem } from '@spine/kernel/problem';
import type { Witness } from '../incompatibility.ts';
import type { ResolvedType } from './avro-schema.ts';
import { type Comparison, createComparison } from './comparison.ts';
import type { Choice, Fault, WriterStep } from './match-types.ts';
import { createMinimalDatum, type Sized, tagged } from './minimal-datum.ts';
import { readDatum } from './read-datum.ts';
import type { Cause } from './solve-pairs.ts';

/** Deeper inside, a datum shows nothing to anybody. */
const maxDepth = 64;
/** Of all witnesses of one report, and of the search for them: reports are stored and sent. */
const maxParts = 20_000;

/** How a datum of the writer leads from its root to a breach: the last step, and those before it. */
export interface Trail {
  readonly step: WriterStep;
  readonly up: Trail | undefined;
  readonly length: number;
}

/** A witness to be spread into an incompatibility; nothing where none can be built. */
type Found = { readonly witness: Witness } | Record<never, never>;

/**
 * Builds data that show breaches: what the writer can write and the reader cannot read. The smallest datum of the writer
 * that leads to the breach, and there what is not read.
 */
export function createWitnessFinder(comparison: Comparison): {
  ofFault(fault: Fault, trail: Trail | undefined): Found;
  /** The causes why the branches fail, one each. */
  ofChoice(choice: Choice, causes: readonly Cause[], trail: Trail | undefined): Found;
} {
  const minimalOf = createMinimalDatum(comparison.writer);
  let left = maxParts;

  function show(datum: Sized | undefined, trail: Trail | undefined, why: string): Found {
    if (left <= 0 || (trail?.length ?? 0) > maxDepth) return {};
    let whole = datum;
    for (let at = trail; at !== undefined && whole !== undefined; at = at.up) whole = wrap(at.step, whole);
    if (whole === undefined || whole.parts > left) return {};
    left -= whole.parts;
    return { witness: { datum: whole.value, why } };
  }

  function wrap(step: WriterStep, inner: Sized): Sized | undefined {
    switch (step.into) {
      case 'items':
        return { value: [inner.value], parts: inner.parts + 1 };
      case 'values':
        return { value: { key: inner.value }, parts: inner.parts + 1 };
      case 'branch':
        return { value: tagged(step.type, inner.value), parts: inner.parts + 1 };
      case 'field': {
        const record = minimalOf(step.record);
        if (record === undefined) return undefined;
        const value = { ...asFields(record), [step.name]: inner.value };
        return { value, parts: inner.parts + record.parts };
      }
    }
  }

  function ofFault({ datum, writer }: Fault): Sized | undefined {
    return datum === undefined ? minimalOf(writer) : { value: datum, parts: 1 };
  }

  function ofChoice(choice: Choice, causes: readonly Cause[], depth: number): Sized | undefined {
    const { branches, writer } = choice;
    if (branches.length === 0) return minimalOf(writer);
    for (const [index, cause] of causes.entries()) {
      const datum = ofCause(cause, depth + 1);
      if (datum === undefined) continue;
      const others = branches.filter((_, at) => at !== index);
      if (others.every(({ type }) => fails(type, writer, datum.value))) return datum;
    }
    return undefined;
  }

  function ofCause(cause: Cause, depth: number): Sized | undefined {
    left -= 1;
    if (depth > maxDepth || left <= 0) return undefined;
    switch (cause.of) {
      case 'fault':
        return ofFault(cause.fault);
      case 'records': {
        const { verdict } = cause;
        return verdict.cause && ofCause(verdict.cause, depth + 1);
      }
      case 'part': {
        const inner = ofCause(cause.cause, depth + 1);
        const { step } = cause.part;
        return inner === undefined || step === undefined ? inner : wrap(step, inner);
      }
      case 'choice': {
        const inner = ofChoice(cause.choice, cause.causes, depth + 1);
        const { step } = cause.choice;
        return inner === undefined || step === undefined ? inner : wrap(step, inner);
      }
    }
  }

  // With limits of its own: what the comparison may spend is for the verdict.
  const trial = createComparison(comparison.reader, comparison.writer, comparison.profile);
  function fails(reader: ResolvedType, writer: ResolvedType, datum: unknown): boolean {
    try {
      return 'fault' in readDatum(trial, reader, writer, datum);
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  return {
    ofFault: (fault, trail) => show(left > 0 ? ofFault(fault) : undefined, trail, whyText(fault)),
    ofChoice: (choice, causes, trail) => {
      if (left <= 0) return {};
      const datum = ofChoice(choice, causes, 0);
      const { step } = choice;
      const whole = datum === undefined || step === undefined ? datum : wrap(step, datum);
      return show(whole, trail, 'the reader has no branch that reads it');
    },
  };
}

function asFields(datum: Sized | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(datum?.value ?? {}));
}

function whyText({ kind, message }: Fault): string {
  return kind === 'LOGICAL_TYPE_MISMATCH'
    ? `the bytes are read, and mean something else: ${message()}`
    : `it is not read: ${message()}`;
}
