import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import { measureOperation } from './measure-operation.ts';
import type { TextMeasure } from './measure-text.ts';
import type { OperationLimits } from './operation-limits.ts';

/** The first limit that a text breaks before it is parsed; parsing it may cost too much, or be too deep to do. */
export function checkText(
  { characters, tokens, nesting }: TextMeasure,
  limits: Pick<OperationLimits, 'characters' | 'tokens' | 'nesting'>,
): readonly GraphQLError[] {
  return [
    ...over('characters', characters, limits.characters, 'the document has', 'characters'),
    ...over('tokens', tokens, limits.tokens, 'the document has', 'tokens'),
    ...over('nesting', nesting, limits.nesting, 'the document nests', 'levels of brackets'),
  ].slice(0, 1);
}

/**
 * The limits that a parsed document breaks. Needs no schema and runs before validation, some of whose rules compare every
 * field with every other. Operations and fragments are measured alike: an unused fragment is work for validation, too.
 */
export function checkLimits(
  document: DocumentNode,
  limits: Omit<OperationLimits, 'characters' | 'tokens' | 'tokensWithoutRole' | 'nesting'>,
): readonly GraphQLError[] {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  return document.definitions.flatMap((definition) => {
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION;
    if (!isOperation && definition.kind !== Kind.FRAGMENT_DEFINITION) return [];
    const measure = measureOperation(definition, (name) => fragments.get(name));
    const what = isOperation ? 'the operation' : `the fragment ${definition.name.value}`;
    const name = isOperation ? (definition.name?.value.length ?? 0) : 0;
    const counted = isOperation ? [...ofOperation, ...ofAny] : ofAny;
    return [
      ...over('operationName', name, limits.operationName, 'the name of the operation has', 'characters'),
      ...counted.flatMap(([limit, unit]) => over(limit, measure[limit], limits[limit], `${what} has`, unit)),
    ];
  });
}

const ofOperation = [
  // Introspection nests by nature, and its fragments do not say that they are of it.
  ['depth', 'levels of fields'],
  ['rootFields', 'root fields'],
  ['rootAliases', 'aliased root fields'],
] as const;

const ofAny = [
  ['aliases', 'aliases'],
  ['directives', 'directives'],
  ['fields', 'fields'],
] as const;

/** The refusal of a measure beyond its limit: both are named. */
export function over(
  limit: keyof OperationLimits,
  measure: number,
  most: number,
  what: string,
  unit: string,
): readonly GraphQLError[] {
  if (measure <= most) return [];
  return [
    new GraphQLError(`${what} ${measure} ${unit}; the limit is ${most}`, {
      extensions: { code: 'OPERATION_TOO_LARGE', limit, measure, most },
    }),
  ];
}
