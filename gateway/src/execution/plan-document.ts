import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { perGraph } from '../graph/per-graph.ts';
import type { Operation } from './operation.ts';
import { type PlanNames, sameNames } from './plan-names.ts';
import { type RequiredNames, requiredNames } from './required-names.ts';

/** What is planned in place of the client's document, and how its names differ. */
export interface PlanDocument {
  readonly document: DocumentNode;
  readonly names: PlanNames;
}

type Asked = Pick<Operation, 'graph' | 'source' | 'document'>;

const known = perGraph(() => new WeakMap<DocumentNode, PlanDocument>());

/**
 * The document that is planned. The planner adds keys and what `@requires` names to a fetch under their own names, and takes
 * whatever the client selects under such a name for them: `{ id: title }` would send titles for ids, and `comments(limit: 1)`
 * would stand in for `comments(limit: 3)`. Such fields get another name in the plan, and so does a variable that is called
 * like the planner's own (docs/decisions/0023-the-plan-has-names-of-its-own.md).
 */
export function planDocument({ graph, source, document }: Asked): PlanDocument {
  const documents = known(graph);
  const made = documents.get(document);
  if (made !== undefined) return made;
  const fresh = rename(graph.schema, requiredNames(graph), source, document);
  documents.set(document, fresh);
  return fresh;
}

/** The variable by which the planner's fetches take entities. */
const representations = 'representations';

function rename(
  schema: GraphQLSchema,
  required: RequiredNames,
  source: string,
  document: DocumentNode,
): PlanDocument {
  const prefix = unusedPrefix(source);
  const fields = new Map<FieldNode, string>();
  const aliases = new Map<string, string>();
  const types = new TypeInfo(schema);
  const planned = visit(
    document,
    visitWithTypeInfo(types, {
      Field(field) {
        const name = field.alias?.value ?? field.name.value;
        if (!mayClash(required, types.getParentType()?.name, field, name)) return undefined;
        const value = `${prefix}${name}`;
        fields.set(field, value);
        aliases.set(value, name);
        return { ...field, alias: { kind: Kind.NAME, value } };
      },
      Variable({ kind, name }) {
        if (name.value !== representations) return undefined;
        return { kind, name: { kind: name.kind, value: `${prefix}${representations}` } };
      },
    }),
  );
  if (planned === document) return { document, names: sameNames };
  return {
    document: planned,
    names: {
      field: (field) => fields.get(field) ?? sameNames.field(field),
      variable: (name) => (name === `${prefix}${representations}` ? representations : name),
      aliases,
    },
  };
}

function mayClash(
  required: RequiredNames,
  typename: string | undefined,
  { name, arguments: given = [] }: FieldNode,
  responseName: string,
): boolean {
  if (responseName === '__typename') return name.value !== responseName;
  const how = typename === undefined ? undefined : required(typename, responseName);
  if (how === undefined) return false;
  return name.value !== responseName || given.length > 0 || how === 'with arguments';
}

function unusedPrefix(source: string): string {
  let prefix = '_spine_';
  while (source.includes(prefix)) prefix += '_';
  return prefix;
}
