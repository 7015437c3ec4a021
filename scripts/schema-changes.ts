import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { FieldUsage } from './schema-usage.ts';

/** A difference between the graph as released and as it is. */
export interface SchemaChange {
  readonly message: string;
  /** Of the element in the graph: `Dataset.routes`, `Query.dataset.name`. */
  readonly coordinate: string;
  /** breaking: an operation that was valid is not, or answers in another shape. */
  readonly kind: 'breaking' | 'dangerous' | 'safe';
  /** Whether there is something that was not there. */
  readonly added: boolean;
}

/** What CI says of the differences. */
export interface ChangesReport {
  /** Each fails the build. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/** Finds every difference, the breaking ones first. */
export async function findChanges(
  released: GraphQLSchema,
  present: GraphQLSchema,
): Promise<readonly SchemaChange[]> {
  const changes = (await diff(released, present)).map(
    (change): SchemaChange => ({
      message: change.message,
      coordinate: change.path ?? '',
      kind: kindOf(change),
      added: /(?<!DESCRIPTION)_ADDED$/.test(change.type),
    }),
  );
  return kinds.flatMap((kind) => changes.filter((change) => change.kind === kind));
}

/**
 * Weighs the differences by what clients use: a breaking one fails, and is only warned of when the usage of its field is known
 * and there was none. A deprecation without the date after which it may go fails, too.
 */
export async function checkChanges(
  released: GraphQLSchema,
  present: GraphQLSchema,
  usage: FieldUsage,
): Promise<ChangesReport> {
  const breaking = (await findChanges(released, present)).filter(({ kind }) => kind === 'breaking');
  const [used, unused] = partition(breaking, ({ coordinate }) => isUsed(released, coordinate, usage));
  return {
    failures: [
      ...used.map(({ message, coordinate }) => `${message} (${usage.describe(fieldOf(coordinate))})`),
      ...undatedDeprecations(present).map(
        (coordinate) =>
          `${coordinate} is deprecated without a date: end its reason by "Remove after 2027-03-01"`,
      ),
    ],
    warnings: unused.map(({ message }) => `${message} (not used in the last ${usage.days} days)`),
  };
}

const kinds = ['breaking', 'dangerous', 'safe'] as const;

function kindOf({ criticality }: Change): SchemaChange['kind'] {
  if (criticality.level === CriticalityLevel.Breaking) return 'breaking';
  return criticality.level === CriticalityLevel.Dangerous ? 'dangerous' : 'safe';
}

/** `Type.field` of a coordinate that may go on to an argument. */
function fieldOf(coordinate: string): string {
  return coordinate.split('.').slice(0, 2).join('.');
}

/** Only the selection of fields is counted: whatever else breaks, somebody may be using it. */
function isUsed(released: GraphQLSchema, coordinate: string, usage: FieldUsage): boolean {
  const [typeName = '', fieldName] = coordinate.split('.');
  const type = released.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return true;
  const fields = fieldName === undefined ? Object.keys(type.getFields()) : [fieldName];
  return fields.some((field) => usage.isUsed(`${typeName}.${field}`));
}

function undatedDeprecations(schema: GraphQLSchema): readonly string[] {
  const undated = (element: { readonly deprecationReason?: string | null | undefined }): boolean =>
    element.deprecationReason != null &&
    !/Remove after \d{4}-\d{2}-\d{2}\.?$/.test(element.deprecationReason);
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type)) return [];
    if (isEnumType(type)) {
      return type
        .getValues()
        .filter(undated)
        .map(({ name }) => `${type.name}.${name}`);
    }
    if (isInputObjectType(type)) {
      return Object.values(type.getFields())
        .filter(undated)
        .map(({ name }) => `${type.name}.${name}`);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => [
      ...(undated(field) ? [`${type.name}.${field.name}`] : []),
      ...field.args.filter(undated).map(({ name }) => `${type.name}.${field.name}(${name}:)`),
    ]);
  });
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
