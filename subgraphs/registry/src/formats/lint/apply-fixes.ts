import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { LintFinding, TextEdit } from '../../domain/lint/lint-finding.ts';

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text with everything put right that findings know how to; whoever wrote it keeps their spaces and their order.
 * Of two fixes that touch the same characters the first one is made: run lint again for the other.
 */
export function applyFixes(text: string, findings: readonly LintFinding[]): string {
  const edits = findings.flatMap(({ fix }) => fix?.edits ?? []);
  const root = edits.some(({ kind }) => kind === 'SET') ? parseTree(text) : undefined;
  const made: Replacement[] = [];
  for (const edit of edits) {
    const replacement = replacementOf(edit, text, root);
    if (replacement !== undefined && !made.some((other) => overlap(other, replacement)))
      made.push(replacement);
  }
  // From the end, so that what is still to be replaced stays where it is. Equal places keep the order of the findings.
  const fromEnd = made.map((each, index) => ({ ...each, index }));
  fromEnd.sort((a, b) => b.start - a.start || b.index - a.index);
  return fromEnd.reduce(
    (result, each) => result.slice(0, each.start) + each.text + result.slice(each.end),
    text,
  );
}

function replacementOf(edit: TextEdit, text: string, root: Node | undefined): Replacement | undefined {
  if (edit.kind === 'REPLACE') return edit;
  if (root === undefined) return undefined;
  const steps = edit.path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = steps.at(-1);
  const holder = nodeAt(root, steps.slice(0, -1));
  if (name === undefined || holder?.type !== 'object') return undefined;
  const value = JSON.stringify(edit.value);
  const present = findNodeAtLocation(holder, [name]);
  if (present !== undefined)
    return { start: present.offset, end: present.offset + present.length, text: value };
  return addition(holder, `${JSON.stringify(name)}: ${value}`, text);
}

/** A member more at the end of an object, set apart as the one before it is. */
function addition(holder: Node, member: string, text: string): Replacement {
  const last = holder.children?.at(-1);
  if (last === undefined) {
    const start = holder.offset + 1;
    return { start, end: start, text: member };
  }
  const before = text.slice(holder.offset, last.offset);
  const gap = /[\s]*$/.exec(before)?.[0] ?? '';
  const isOnOneLine = !gap.includes('\n');
  const isTight = isOnOneLine && !/[,:]\s/.test(text.slice(holder.offset, last.offset + last.length));
  const written = isTight ? member.replace(': ', ':') : member;
  const start = last.offset + last.length;
  return { start, end: start, text: `,${isOnOneLine ? (isTight ? '' : ' ') : gap}${written}` };
}

function nodeAt(root: Node, steps: readonly string[]): Node | undefined {
  return steps.reduce<Node | undefined>((node, step) => {
    if (node?.type === 'array') return node.children?.[Number(step)];
    return node?.type === 'object' ? findNodeAtLocation(node, [step]) : undefined;
  }, root);
}

/** Two additions at one place do not get in each other's way. */
function overlap(a: Replacement, b: Replacement): boolean {
  return a.start < b.end && b.start < a.end;
}
