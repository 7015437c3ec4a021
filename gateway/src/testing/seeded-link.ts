import {
  type FieldNode,
  type GraphQLFormattedError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionNode,
} from 'graphql';
import { isRecord } from '../links/is-record.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphResult } from '../links/subgraph-link.ts';
import { createRandom, hashOf } from './random.ts';

/** What goes wrong with the answers of a made-up subgraph. */
export type FaultKind = 'none' | 'error' | 'null' | 'invalid leaf' | 'short list' | 'down' | 'wrong shape';

export interface SeededLinkOptions {
  readonly name: string;
  /** The supergraph: it knows what any subgraph may be asked. */
  readonly schema: GraphQLSchema;
  readonly seed: number;
  readonly fault: FaultKind;
}

interface Place {
  /** What the object is known by: its values follow from it. */
  readonly identity: string;
  readonly typename: string;
  /** What is given of it already. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[];
}

/**
 * A subgraph that answers anything that the schema allows, always the same to the same question, whatever it is batched
 * with: values and faults follow from the seed, the object, and the field.
 */
export function createSeededLink({ name, schema, seed, fault }: SeededLinkOptions): SubgraphLink {
  const strikes = (kind: FaultKind, what: string, share: number): boolean =>
    fault === kind && createRandom(hashOf(`${seed} ${kind} ${what}`)).chance(share);

  function answer(query: string, variables: Readonly<Record<string, unknown>>): SubgraphResult {
    const errors: GraphQLFormattedError[] = [];
    const [operation] = parse(query).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not an operation: ${query}`);

    const fieldOf = (place: Place, field: FieldNode): unknown => {
      const { value: fieldName } = field.name;
      if (fieldName === '__typename') return place.typename;
      const type = schema.getType(place.typename);
      if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(place.typename);
      const definition = type.getFields()[fieldName] ?? invent(place.typename, fieldName);
      const args = (field.arguments ?? []).map(print).join();
      const identity = `${place.identity} ${fieldName} ${args}`;
      const path = [...place.path, field.alias?.value ?? fieldName];
      if (fieldName in place.given && args === '') return place.given[fieldName];
      if (strikes('error', identity, 0.04)) {
        errors.push({ message: 'it failed', path, extensions: { code: 'NOT_FOUND' } });
        return null;
      }
      if (strikes('null', identity, 0.04)) return null;
      if (strikes('wrong shape', identity, 0.04))
        return isLeafType(getNullableType(definition.type)) ? 1 : 'odd';
      return answerFor(definition.type, identity, field.selectionSet?.selections ?? [], path);
    };

    const objectOf = (
      place: Place,
      selections: readonly SelectionNode[],
      into: Record<string, unknown> = {},
    ) => {
      for (const selection of selections) {
        if (!included(selection, variables)) continue;
        if (selection.kind === Kind.FIELD) {
          into[selection.alias?.value ?? selection.name.value] ??= fieldOf(place, selection);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          const condition = selection.typeCondition?.name.value;
          if (condition === undefined || isOfType(schema, place.typename, condition)) {
            objectOf(place, selection.selectionSet.selections, into);
          }
        }
      }
      return into;
    };

    const answerFor = (
      type: GraphQLOutputType,
      identity: string,
      selections: readonly SelectionNode[],
      path: readonly (string | number)[],
    ): unknown => {
      const random = createRandom(hashOf(`${seed} ${identity}`));
      if (!isNonNullType(type) && random.chance(0.03)) return null;
      const nullable = getNullableType(type);
      if (isListType(nullable)) {
        return Array.from({ length: random.below(4) }, (_, index) =>
          // Few identities: the same entities come again and again.
          answerFor(nullable.ofType, `${identity} ${random.below(3)}`, selections, [...path, index]),
        );
      }
      if (isLeafType(nullable)) {
        if (strikes('invalid leaf', identity, 0.05)) return { odd: true };
        if (isEnumType(nullable)) return random.pick(nullable.getValues())?.name;
        return leaf(nullable.name, random.below(4));
      }
      const object = isAbstractType(nullable) ? random.pick(schema.getPossibleTypes(nullable)) : nullable;
      if (!isObjectType(object)) return null;
      return objectOf(
        { identity: `${object.name} ${random.below(4)}`, typename: object.name, given: {}, path },
        selections,
      );
    };

    const data: Record<string, unknown> = {};
    for (const selection of operation.selectionSet.selections) {
      if (selection.kind !== Kind.FIELD || !included(selection, variables)) continue;
      const { representations } = variables;
      if (selection.name.value !== '_entities' || !Array.isArray(representations)) {
        const root = { identity: 'Query', typename: 'Query', given: {}, path: [] };
        data[selection.alias?.value ?? selection.name.value] = fieldOf(root, selection);
        continue;
      }
      const entities = representations.map((representation: unknown, index) => {
        const given = isRecord(representation) ? representation : {};
        const identity = JSON.stringify(given);
        if (strikes('null', identity, 0.1)) return null;
        const place = { identity, typename: String(given['__typename']), given, path: ['_entities', index] };
        return objectOf(place, selection.selectionSet?.selections ?? []);
      });
      data['_entities'] = strikes('short list', query, 0.5) ? entities.slice(1) : entities;
    }
    return JSON.parse(JSON.stringify({ data, ...(errors.length > 0 && { errors }) }));
  }

  return {
    name,
    remote: false,
    async execute({ query, variables }) {
      if (strikes('down', name, 0.5)) throw new Error(`${name} is down`);
      return answer(query, variables);
    },
    subscribe: (_request, signal) =>
      createStreamIterator<SubgraphResult>(async () => streamEnd, { signal, onEnd: () => undefined }),
    ready: async () => null,
    close: async () => undefined,
  };
}

function invent(typename: string, name: string): never {
  throw new Error(`no subgraph has ${typename}.${name}`);
}

function isOfType(schema: GraphQLSchema, typename: string, condition: string): boolean {
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const wanted = schema.getType(condition);
  return isObjectType(type) && isAbstractType(wanted) && schema.isSubType(wanted, type);
}

function included({ directives = [] }: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    const value = given[0]?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return name.value === 'skip' ? !holds : name.value === 'include' ? holds : true;
  });
}

function leaf(type: string, n: number): unknown {
  switch (type) {
    case 'Int':
      return n;
    case 'Float':
      return n / 2;
    case 'Boolean':
      return n % 2 === 0;
    default:
      return `value ${n}`;
  }
}
