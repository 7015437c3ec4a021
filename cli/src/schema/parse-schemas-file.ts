import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { schemasFileShape } from './schemas-file-shape.ts';

/** Parses the text of a spine.schemas.yaml. Throws one CONFIG_INVALID or UNKNOWN_KEY that lists every fault with its line. */
export function parseSchemasFile(text: string, file: string): z.output<typeof schemasFileShape> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const message = syntax.message.split('\n')[0] ?? syntax.message;
    throw faultsProblem(file, [{ line: syntax.linePos?.[0].line, code: 'CONFIG_INVALID', message }]);
  }
  const parsed = schemasFileShape.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return parsed.data;
  const lineAt = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  throw faultsProblem(
    file,
    parsed.error.issues.flatMap((issue) => faultsOf(issue, lineAt)),
  );
}

interface Fault {
  readonly line: number | undefined;
  readonly code: 'CONFIG_INVALID' | 'UNKNOWN_KEY';
  readonly message: string;
}

function faultsOf(
  issue: z.core.$ZodIssue,
  lineAt: (path: readonly PropertyKey[]) => number | undefined,
): readonly Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    const at = issue.path.map(String).join('.');
    return [{ line: lineAt(issue.path), code: 'CONFIG_INVALID', message: `${at}: ${issue.message}` }];
  }
  const known = keysAt(issue.path);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean '${near}'?`;
    const at = [...issue.path, key];
    return {
      line: lineAt(at),
      code: 'UNKNOWN_KEY',
      message: `${at.map(String).join('.')}: unknown key; ${hint}`,
    };
  });
}

/** The keys that the shape knows at a path. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let shape: unknown = schemasFileShape;
  for (const step of path) {
    const outer = unwrap(shape);
    shape = outer instanceof z.ZodObject ? Reflect.get(outer.shape, step) : undefined;
    if (outer instanceof z.ZodArray) shape = outer.element;
  }
  const found = unwrap(shape);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrap(shape: unknown): unknown {
  return shape instanceof z.ZodOptional || shape instanceof z.ZodDefault ? unwrap(shape.unwrap()) : shape;
}

function faultsProblem(file: string, faults: readonly Fault[]): Problem {
  const list = faults.map(
    ({ line, message }) => `  ${file}${line === undefined ? '' : `:${line}`} ${message}`,
  );
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return new Problem(faults[0]?.code ?? 'CONFIG_INVALID', `${count} in ${file}\n${list.join('\n')}`, {
    fix: `Correct ${file}; the keys are described in schema/spine.schemas.schema.json.`,
  });
}
