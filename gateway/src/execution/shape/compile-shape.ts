import {
  type FieldNode,
  type GraphQLOutputType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type SelectionNode,
} from 'graphql';
import type { PlanNames } from '../plan-names.ts';
import type { Tree } from '../tree.ts';
import { type CompositeType, collectFields, type Selecting } from './collect-fields.ts';
import { completeFields, type FieldShape } from './complete-fields.ts';
import { completeLeaf } from './complete-leaf.ts';
import { completeList } from './complete-list.ts';
import { type Complete, type Fault, faulty } from './fault.ts';

/** What shapes are compiled with. */
export interface Shaping extends Selecting {
  readonly names: PlanNames;
}

/** Compiles the shape of an object: what the selections ask of each type that it may turn out to be. */
export function compileObject(
  shaping: Shaping,
  declared: CompositeType,
  selections: readonly SelectionNode[],
  place: string,
): Complete {
  const shapes = new Map<string, Complete>();
  const shapeOf = (type: CompositeType): Complete => {
    const known = shapes.get(type.name);
    if (known !== undefined) return known;
    const made = compileFields(shaping, type, selections);
    shapes.set(type.name, made);
    return made;
  };
  const shapeNamed = (typename: string): Complete | undefined => {
    const known = shapes.get(typename);
    if (known !== undefined) return known;
    const type = shaping.schema.getType(typename);
    return isCompositeType(type) && isPossible(shaping, declared, type) ? shapeOf(type) : undefined;
  };
  // What comes without its type's name is taken for what it was declared to be.
  let unnamed: Complete | undefined;
  let lastName: unknown;
  let lastShape: Complete | undefined;

  return (value, faults) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) {
      return told(faults, `Invalid value found for ${place}: not an object.`, 'shape');
    }
    const typename = (value as Tree)['__typename'];
    if (typename === lastName && lastShape !== undefined) return lastShape(value, faults);
    if (typename === undefined || typename === null || typename === '') {
      unnamed ??= shapeOf(declared);
      return unnamed(value, faults);
    }
    const shape = typeof typename === 'string' ? shapeNamed(typename) : undefined;
    if (shape === undefined)
      return told(faults, `Invalid __typename found for object at ${place}.`, 'completion');
    lastName = typename;
    lastShape = shape;
    return shape(value, faults);
  };
}

function told(faults: Fault[], message: string, kind: Fault['kind']): typeof faulty {
  faults.push({ message, path: [], kind });
  return faulty;
}

/** An interface object may carry the name of an interface, and a stand-in for one is as good as what it stands for. */
function isPossible({ schema }: Shaping, declared: CompositeType, type: CompositeType): boolean {
  if (type === declared || isInterfaceType(type)) return true;
  return !isObjectType(declared) && !isUnionType(type) && schema.isSubType(declared, type);
}

function compileFields(
  shaping: Shaping,
  type: CompositeType,
  selections: readonly SelectionNode[],
): Complete {
  const fields: FieldShape[] = [];
  for (const [name, nodes] of collectFields(shaping, type, selections)) {
    const shape = compileField(shaping, type, name, nodes);
    if (shape !== undefined) fields.push(shape);
  }
  return completeFields(fields);
}

function compileField(
  shaping: Shaping,
  type: CompositeType,
  name: string,
  nodes: readonly FieldNode[],
): FieldShape | undefined {
  const [field] = nodes;
  if (field === undefined) return undefined;
  const source = shaping.names.field(field);
  const place = `field ${type.name}.${name}`;
  if (field.name.value === '__typename') {
    // Of an abstract type nobody knows the name of the object: whoever asks for it gets no object.
    const typename = isObjectType(type) ? type.name : null;
    return { name, source, place, nonNull: true, complete: () => typename };
  }
  if (field.name.value === '__schema' || field.name.value === '__type') {
    return { name, source, place, nonNull: false, complete: (value) => value ?? null };
  }
  const definition = isUnionType(type) ? undefined : type.getFields()[field.name.value];
  if (definition === undefined) return undefined;
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return {
    name,
    source,
    place,
    nonNull: isNonNullType(definition.type),
    complete: compileType(shaping, definition.type, selections, place),
  };
}

function compileType(
  shaping: Shaping,
  type: GraphQLOutputType,
  selections: readonly SelectionNode[],
  place: string,
): Complete {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const item = nullable.ofType;
    const itemPlace = `array element of type ${String(getNullableType(item))}`;
    return completeList(
      compileType(shaping, item, selections, itemPlace),
      isNonNullType(item),
      place,
      itemPlace,
    );
  }
  if (isLeafType(nullable)) return completeLeaf(nullable, place);
  return compileObject(shaping, nullable, selections, place);
}
