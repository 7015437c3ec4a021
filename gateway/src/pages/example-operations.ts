import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type TypeNode,
  visit,
} from 'graphql';
import type { DatasetKey } from './example-dataset.ts';

/** A named operation that the explorer offers. */
export interface ExampleOperation {
  readonly name: string;
  readonly kind: `${OperationDefinitionNode['operation']}`;
  /** The comment above it; empty without one. */
  readonly about: string;
  /** Its text, with the fragments that it needs. */
  readonly query: string;
  /** JSON text with every variable that it demands; null where it demands none. */
  readonly variables: string | null;
}

/** Reads every operation of a folder, those of headline.graphql first. A dataset that is there fills in its variables. */
export function readExampleOperations(
  folder: string,
  dataset: DatasetKey | null,
): readonly ExampleOperation[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const sorted = names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return sorted.flatMap((name) => operationsOf(readFileSync(join(folder, name), 'utf8'), dataset));
}

const rank = (name: string): number => (name === 'headline.graphql' ? 0 : 1);

function operationsOf(text: string, dataset: DatasetKey | null): readonly ExampleOperation[] {
  const { definitions } = parse(text);
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined) return [];
    const parts = [definition, ...fragmentsOf(definition, fragments)];
    return [
      {
        name: definition.name.value,
        kind: definition.operation,
        about: commentAbove(text, definition.loc?.start ?? 0),
        query: `${parts.map(({ loc }) => text.slice(loc?.start, loc?.end)).join('\n\n')}\n`,
        variables: variablesOf(definition, dataset),
      },
    ];
  });
}

/** The fragments that a definition spreads, and those that these spread. */
function fragmentsOf(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  known: readonly FragmentDefinitionNode[],
): readonly FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const collect = (from: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(from, {
      FragmentSpread({ name }) {
        const fragment = known.find((candidate) => candidate.name.value === name.value);
        if (fragment === undefined || found.has(fragment)) return;
        found.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(definition);
  return [...found];
}

function commentAbove(text: string, start: number): string {
  const above = text.slice(0, start).split('\n').slice(0, -1);
  const lines: string[] = [];
  for (let line = above.pop()?.trim(); line?.startsWith('#'); line = above.pop()?.trim()) {
    lines.unshift(line.replace(/^#+\s*/, ''));
  }
  return lines.join(' ');
}

function variablesOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  dataset: DatasetKey | null,
): string | null {
  const ofDataset = ['namespace', 'name'].every((name) =>
    variableDefinitions.some(({ variable }) => variable.name.value === name),
  );
  const known = dataset ?? { namespace: 'postgres://host:port', name: 'database.schema.table' };
  const demanded = variableDefinitions
    .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined)
    .map(({ variable, type }) => [variable.name.value, placeholder(type)]);
  if (demanded.length === 0) return null;
  return JSON.stringify({ ...Object.fromEntries(demanded), ...(ofDataset && known) }, null, 2);
}

function placeholder(type: TypeNode): unknown {
  switch (type.kind) {
    case Kind.NON_NULL_TYPE:
      return placeholder(type.type);
    case Kind.LIST_TYPE:
      return [];
    case Kind.NAMED_TYPE:
      return placeholders[type.name.value] ?? (type.name.value.endsWith('Input') ? {} : '');
  }
}

const placeholders: Readonly<Record<string, unknown>> = { Int: 0, Float: 0, Boolean: false };
