import { Problem } from '@spine/kernel/problem';
import { locatePointer, type OfflineSchema, protobufPlaces } from '@spine/registry/offline';
import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';

/** Where something stands in a text. Lines and columns count from 1; the end is behind the last character. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The place that a check's pointer means in a schema; the nearest enclosing one that there is. A registry of another
 * version may take a text that is none here: that has no places.
 */
export function placeOf(schema: OfflineSchema, pointer: string): Place {
  const { type, text } = schema;
  try {
    if (type === 'PROTOBUF') return placeInProtobuf(text, pointer);
    return placeOfSpan(text, spanInJson(text, locatePointer(schema, pointer)));
  } catch (error) {
    if (error instanceof Problem) return placeOfLine(text, 1);
    throw error;
  }
}

/** The place of a pointer into a JSON text that may be no schema; that of the first fault where it is no JSON. */
export function placeOfFault(text: string, pointer: string): Place {
  const errors: ParseError[] = [];
  treeOf(text, errors);
  const [first] = errors;
  if (first === undefined) return placeOfSpan(text, spanInJson(text, pointer));
  return placeOfSpan(text, { start: first.offset, end: first.offset + Math.max(1, first.length) });
}

/** The place of a line, its indentation left out. */
export function placeOfLine(text: string, line: number): Place {
  const content = text.split('\n')[line - 1]?.trimEnd() ?? '';
  const column = content.length - content.trimStart().length + 1;
  return { line, column, endLine: line, endColumn: Math.max(column, content.length) + 1 };
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function spanInJson(text: string, pointer: string): Span {
  let node = treeOf(text, []);
  if (node === undefined) return { start: 0, end: 0 };
  for (const step of pointerSteps(pointer)) {
    const inner: Node | undefined = findNodeAtLocation(node, [node.type === 'array' ? Number(step) : step]);
    if (inner === undefined) break;
    node = inner;
  }
  return { start: node.offset, end: node.offset + node.length };
}

function treeOf(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // It walks by recursion: a text that nests too deep has no places, as it has no meaning for the engines.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function placeInProtobuf(text: string, pointer: string): Place {
  const places = protobufPlaces(text);
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = places.get(path);
    if (found !== undefined) return placeOfWord(text, found.line, found.name);
  }
  return placeOfLine(text, 1);
}

/** The place of a name on a line; of the whole line, where the name stands elsewhere. */
function placeOfWord(text: string, line: number, word: string): Place {
  const content = text.split('\n')[line - 1] ?? '';
  const found = new RegExp(`(?<!\\w)${word.replaceAll(/\W/g, '\\$&')}(?!\\w)`).exec(content);
  if (found === null) return placeOfLine(text, line);
  const column = found.index + 1;
  return { line, column, endLine: line, endColumn: column + word.length };
}

function placeOfSpan(text: string, { start, end }: Span): Place {
  const from = positionOf(text, start);
  const to = positionOf(text, Math.max(start, end));
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
