import { fullNameOf, namespaceOf } from '../avro/avro-name.ts';
import { simpleName } from '../avro/named-type.ts';
import { isRecord, pointer } from '../json.ts';
import {
  type AvroDefinition,
  type AvroFieldText,
  avroTypeText,
  type JsonNode,
  logicalOf,
  readAvroText,
  textsOf,
} from './avro-definition.ts';
import { childOf, stepsOf } from './json-pointer.ts';
import type { SchemaOutline } from './schema-outline.ts';
import type { PartFacts, SchemaPart } from './schema-part.ts';

/** The attributes that Avro itself gives a meaning; all others are options of whoever wrote them. */
const specified = new Set(
  'type name namespace doc aliases fields symbols default size items values logicalType precision scale'.split(
    ' ',
  ),
);

/** Outlines an Avro schema: its named types one beside the other, wherever they are defined, with fields and symbols. */
export function outlineAvro(text: string): SchemaOutline {
  const { root, definitions } = readAvroText(text);
  const places = new Map(definitions.map(({ name, path }) => [name, path]));
  const simplePlaces = new Map(definitions.map(({ name, path }) => [simpleName(name), path]));
  const isDefined = (name: string): boolean => places.has(name);
  const parts = definitions.map((definition) => definitionPart(definition, isDefined));
  if (!definitions.some(({ path }) => path === '')) {
    const facts = { type: avroTypeText(root, '', isDefined) };
    parts.unshift({ part: 'SCHEMA', key: '', name: '', path: '', facts, parts: [] });
  }
  return {
    parts,
    factSteps: { type: 'type', default: 'default', aliases: 'aliases', doc: 'doc' },
    hasLastingPaths: false,
    locate: (path) => locate(root, (name) => places.get(name) ?? simplePlaces.get(simpleName(name)), path),
  };
}

function definitionPart(definition: AvroDefinition, isDefined: (name: string) => boolean): SchemaPart {
  const { kind, name, path, json } = definition;
  const aliases = textsOf(json['aliases']);
  const shared = {
    key: name,
    otherKeys: [
      ...aliases.map((alias) => fullNameOf(alias, namespaceOf(name))),
      // Avro matches by the unqualified name, too, and a root with a root.
      `simple ${simpleName(name)}`,
      ...(path === '' ? ['root'] : []),
    ],
    name,
    path,
  };
  const facts = { ...sharedFacts(json, aliases), ...optionsOf(json) };
  switch (kind) {
    case 'record': {
      const parts = definition.fields.map((field) => fieldPart(field, isDefined));
      return { ...shared, part: 'RECORD', facts, isOrdered: true, parts };
    }
    case 'fixed': {
      const constraints = `${json['size']} bytes${logicalOf(json)}`;
      return { ...shared, part: 'FIXED', facts: { ...facts, constraints }, parts: [] };
    }
    case 'enum': {
      const parts = definition.symbols.map((symbol, index): SchemaPart => {
        const at = pointer(pointer(path, 'symbols'), index);
        return { part: 'SYMBOL', key: symbol, name: symbol, path: at, facts: {}, parts: [] };
      });
      return { ...shared, part: 'ENUM', facts: { ...facts, ...defaultOf(json) }, isOrdered: true, parts };
    }
  }
}

function fieldPart(field: AvroFieldText, isDefined: (name: string) => boolean): SchemaPart {
  const { name, path, json, namespace } = field;
  const aliases = textsOf(json['aliases']);
  const { type } = json;
  // The attributes of a type that has no name of its own are said of the field.
  const inner = isRecord(type) && type['name'] === undefined ? type : {};
  const facts: PartFacts = {
    type: avroTypeText(type, namespace, isDefined),
    ...sharedFacts(json, aliases),
    ...defaultOf(json),
    ...optionsOf({ ...inner, ...json }),
  };
  return { part: 'FIELD', key: name, otherKeys: aliases, name, path, facts, parts: [] };
}

function sharedFacts(json: JsonNode, aliases: readonly string[]): PartFacts {
  const { doc } = json;
  return { ...(typeof doc === 'string' && { doc }), ...(aliases.length > 0 && { aliases }) };
}

function defaultOf(json: JsonNode): PartFacts {
  return Object.hasOwn(json, 'default') ? { default: json['default'] } : {};
}

function optionsOf(json: JsonNode): PartFacts {
  const options = Object.entries(json).filter(([key]) => !specified.has(key));
  return options.length === 0 ? {} : { options: Object.fromEntries(options) };
}

/**
 * Follows a pointer of a check. It may lead through the use of a type by its name, from where it goes on at the
 * definition; and it has the writer's branches as steps, which the text of the reader does not have: these are left out.
 */
function locate(root: unknown, placeOf: (name: string) => string | undefined, path: string): string {
  let at = '';
  let node = root;
  for (const step of stepsOf(path)) {
    if (typeof node === 'string') {
      const place = placeOf(node);
      if (place === undefined) return at;
      at = place;
      node = stepsOf(place).reduce(childOf, root);
    }
    const child = childOf(node, step);
    if (child === undefined) continue;
    at = pointer(at, step);
    node = child;
  }
  return at;
}
