import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { checkNames } from './check-names.ts';
import { keysAt } from './keys-at.ts';
import { type SpineSpec, spineSpecShape } from './spine-spec.ts';
import { keyPattern, unsupportedKeys, unsupportedValues } from './unsupported-keys.ts';

/** One thing that is wrong in a spine.yaml, with its place. */
export interface SpecFault {
  readonly path: string;
  readonly line: number | null;
  readonly code: 'UNKNOWN_KEY' | 'UNKNOWN_REGION' | 'NOT_SUPPORTED' | 'CONFIG_INVALID';
  readonly message: string;
}

/**
 * Parses the text of a spine.yaml. Throws one Problem that lists every fault (`extensions.faults`); its code is that of
 * the first fault.
 */
export function parseSpec(text: string, fileName = 'spine.yaml'): SpineSpec {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (path: readonly PropertyKey[]): number | null => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      const range = nodeStart(node);
      if (range !== null) return lines.linePos(range).line;
    }
    return null;
  };
  if (document.errors.length > 0) {
    throw specProblem(
      fileName,
      document.errors.map((error) => ({
        path: '',
        line: error.linePos?.[0].line ?? null,
        code: 'CONFIG_INVALID' as const,
        message: error.message.split('\n')[0] ?? error.message,
      })),
    );
  }
  const value: unknown = document.toJS() ?? {};
  const parsed = spineSpecShape.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, value));
    throw specProblem(
      fileName,
      faults.map(({ at, code, message }) => ({ path: pathText(at), line: lineOf(at), code, message })),
    );
  }
  const faults = checkNames(parsed.data);
  if (faults.length > 0) {
    throw specProblem(
      fileName,
      faults.map(({ at, code, message }) => ({ path: pathText(at), line: lineOf(at), code, message })),
    );
  }
  return parsed.data;
}

interface FaultAt {
  readonly at: readonly PropertyKey[];
  readonly code: SpecFault['code'];
  readonly message: string;
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): FaultAt[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...issue.path, key], key, keysAt(issue.path)));
  }
  const given = issue.path.reduce<unknown>(
    (inner, part) => (inner !== null && typeof inner === 'object' ? Reflect.get(inner, part) : undefined),
    value,
  );
  const unsupported = unsupportedValues.get(keyPattern(issue.path));
  if (typeof given === 'string' && unsupported?.includes(given)) {
    return [
      { at: issue.path, code: 'NOT_SUPPORTED', message: `'${given}' is not supported in this version` },
    ];
  }
  const missing = given === undefined && issue.path.length > 0;
  return [
    {
      at: issue.path,
      code: 'CONFIG_INVALID',
      message: missing ? 'is required' : issue.message,
    },
  ];
}

function unknownKey(at: readonly PropertyKey[], key: string, known: readonly string[]): FaultAt {
  const part = unsupportedKeys.get(keyPattern(at));
  if (part !== undefined) {
    return { at, code: 'NOT_SUPPORTED', message: `not supported in this version (${part})` };
  }
  const hint = nearest(key, known);
  return {
    at,
    code: 'UNKNOWN_KEY',
    message:
      hint === undefined
        ? `unknown key; known here: ${known.join(', ')}`
        : `unknown key; did you mean '${hint}'?`,
  };
}

function specProblem(fileName: string, faults: readonly SpecFault[]): Problem {
  const [first] = faults;
  const text = faults.map(
    (fault) =>
      `  ${fileName}${fault.line === null ? '' : `:${fault.line}`}${fault.path === '' ? '' : ` ${fault.path}`}: ${fault.message}`,
  );
  return new Problem(
    first?.code ?? 'CONFIG_INVALID',
    `${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in ${fileName}\n${text.join('\n')}`,
    {
      fix: `Correct ${fileName}; the keys are described in schema/spine.schema.json.`,
      extensions: { faults },
    },
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function nodeStart(node: unknown): number | null {
  if (node === null || typeof node !== 'object' || !('range' in node) || !Array.isArray(node.range))
    return null;
  const [start] = node.range;
  return typeof start === 'number' ? start : null;
}
