import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';
import { type Complete, type Fault, faulty } from './fault.ts';

/** Compiles the check of a scalar or an enum. Custom scalars may be any JSON: who defines them checks them. */
export function completeLeaf(type: GraphQLLeafType, place: string): Complete {
  const valid = validity(type);
  return (value, faults) => {
    if (value === null || value === undefined) return null;
    if (valid(value)) return value;
    faults.push(invalidValue(place));
    return faulty;
  };
}

function validity(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) {
    // Those of the graph that clients see: an inaccessible value is none of them.
    const names = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => names.has(value);
  }
  if (!isSpecifiedScalarType(type)) return () => true;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return Number.isInteger;
    case 'Float':
      return Number.isFinite;
    case 'ID':
      return (value) => typeof value === 'string' || Number.isInteger(value);
    default:
      return (value) => typeof value === 'string';
  }
}

function invalidValue(place: string): Fault {
  return { message: `Invalid value found for ${place}.`, path: [], kind: 'completion' };
}
