import { type DocumentNode, Kind, type OperationDefinitionNode, print, visit } from 'graphql';

/** An operation of a subgraph that begins after a cursor. */
export interface ResumeOperation {
  readonly query: string;
  /** The variables, of those that the client gave, with the cursor among them. */
  variablesAfter(
    variables: Readonly<Record<string, unknown>>,
    cursor: string,
  ): Readonly<Record<string, unknown>>;
  /** The cursor that the client gave, in its text or by a variable; undefined for what is no cursor as we know them. */
  cursorGiven(variables: Readonly<Record<string, unknown>>): string | null | undefined;
  /** The variable by which it did, if that is of no other use. */
  readonly cursorVariable: string | null;
}

const variable = '_spineAfter';

/**
 * Rewrites a subscription so that its root field's argument `after` is a variable of ours, whatever the client gave for
 * it. Null when the document has not exactly one operation with exactly one root field: that cannot be resumed.
 */
export function resumeOperation(document: DocumentNode, afterType: string): ResumeOperation | null {
  const [operation, ...others] = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [field, ...fields] = operation?.selectionSet.selections ?? [];
  if (operation === undefined || others.length > 0) return null;
  if (field?.kind !== Kind.FIELD || fields.length > 0) return null;
  const resumed: OperationDefinitionNode = {
    ...operation,
    selectionSet: {
      ...operation.selectionSet,
      selections: [
        {
          ...field,
          arguments: [
            ...(field.arguments ?? []).filter(({ name }) => name.value !== 'after'),
            {
              kind: Kind.ARGUMENT,
              name: named('after'),
              value: { kind: Kind.VARIABLE, name: named(variable) },
            },
          ],
        },
      ],
    },
  };
  const rewritten: DocumentNode = {
    ...document,
    definitions: document.definitions.map((definition) => (definition === operation ? resumed : definition)),
  };
  // An operation may not define what it does not use: the client's own cursor variable goes.
  const used = variablesUsed(rewritten);
  const kept = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) => used.has(name.value));
  const names = new Set(kept.map((definition) => definition.variable.name.value));
  const query = print({
    ...rewritten,
    definitions: rewritten.definitions.map((definition) =>
      definition === resumed
        ? {
            ...resumed,
            variableDefinitions: [
              ...kept,
              {
                kind: Kind.VARIABLE_DEFINITION,
                variable: { kind: Kind.VARIABLE, name: named(variable) },
                type: { kind: Kind.NAMED_TYPE, name: named(afterType) },
              },
            ],
          }
        : definition,
    ),
  });
  const given = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  const givenBy = given?.kind === Kind.VARIABLE ? given.name.value : null;
  return {
    query,
    cursorGiven(variables) {
      if (given === undefined || given.kind === Kind.NULL) return null;
      if (given.kind === Kind.STRING) return given.value;
      const value = givenBy === null ? undefined : (variables[givenBy] ?? null);
      return value === null || typeof value === 'string' ? value : undefined;
    },
    cursorVariable: givenBy === null || names.has(givenBy) ? null : givenBy,
    variablesAfter: (variables, cursor) => ({
      ...Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name))),
      [variable]: cursor,
    }),
  };
}

function named(value: string) {
  return { kind: Kind.NAME, value } as const;
}

function variablesUsed(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}
