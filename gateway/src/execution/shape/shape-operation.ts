import { invariant } from '@spine/kernel/invariant';
import { createLru } from '@spine/platform/lru';
import { type FieldNode, type FragmentDefinitionNode, Kind } from 'graphql';
import type { Operation } from '../operation.ts';
import type { PlanNames } from '../plan-names.ts';
import { isTree, type Tree } from '../tree.ts';
import { collectFields } from './collect-fields.ts';
import { compileObject } from './compile-shape.ts';
import { conditionVariables, readConditions } from './condition-variables.ts';
import type { Fault } from './fault.ts';

/** The client's answer, and what was wrong with the values that it was made of. */
export interface Shaped {
  readonly data: Tree | null;
  readonly faults: readonly Fault[];
}

/** The shape of an operation's answer, as the variables of its @skip and @include stand. */
export interface OperationShape {
  shape(gathered: Tree): Shaped;
  /** Fields of the root that the schema itself answers. */
  readonly introspection: readonly FieldNode[];
  /** Whether anything is selected that a subgraph has to answer. */
  readonly needsData: boolean;
}

const variantsKept = 32;

/**
 * Prepares the shapes of one operation's answer; each is compiled when its conditions first stand so. Throws BAD_USER_INPUT
 * for a condition that is no Boolean.
 */
export function createOperationShapes(
  { graph, document, definition }: Pick<Operation, 'graph' | 'document' | 'definition'>,
  names: PlanNames,
): (variables: Readonly<Record<string, unknown>>) => OperationShape {
  const { schema } = graph;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const part of document.definitions) {
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part);
  }
  const { selections } = definition.selectionSet;
  const used = conditionVariables(selections, fragments);
  const variants = createLru<string, OperationShape>(variantsKept);

  const compile = (conditions: Readonly<Record<string, boolean>>): OperationShape => {
    const root = schema.getRootType(definition.operation);
    invariant(root != null, `the graph has no ${definition.operation}`);
    const shaping = { schema, fragments, conditions, names };
    const complete = compileObject(shaping, root, selections, `the ${definition.operation}`);
    const roots = [...collectFields(shaping, root, selections).values()].map(([field]) => field);
    return {
      shape(gathered) {
        const faults: Fault[] = [];
        const data = complete(gathered, faults);
        return { data: isTree(data) ? data : null, faults };
      },
      introspection: [...collectFields(shaping, root, selections).values()].flat().filter(isIntrospection),
      needsData: roots.some((field) => field?.name.value.startsWith('__') === false),
    };
  };

  return (variables) => {
    const conditions = readConditions(used, variables);
    const key = used.map((name) => (conditions[name] === true ? 1 : 0)).join('');
    const known = variants.get(key);
    if (known !== undefined) return known;
    const made = compile(conditions);
    variants.set(key, made);
    return made;
  };
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}
