import type { Axis } from '../../check-rules.ts';
import type { ProtobufField } from '../protobuf-schema.ts';

/** What a change in how many values a field has breaks; undefined if nothing. Required fields have a rule of their own. */
export function cardinalityAxis(reader: ProtobufField, writer: ProtobufField): Axis | undefined {
  const [mine, theirs] = [cardinalityOf(reader), cardinalityOf(writer)];
  if (mine === theirs) return undefined;
  if (isMany(mine) !== isMany(theirs)) return 'WIRE';
  // A map is a list of entries on the wire, and an object in JSON.
  return isMany(mine) ? 'JSON' : 'SOURCE';
}

type Cardinality = 'explicit' | 'implicit' | 'required' | 'repeated' | 'map';

function cardinalityOf(field: ProtobufField): Cardinality {
  if (field.type.kind === 'map') return 'map';
  return field.isRepeated ? 'repeated' : field.presence;
}

function isMany(cardinality: Cardinality): boolean {
  return cardinality === 'repeated' || cardinality === 'map';
}
