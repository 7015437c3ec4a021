import { type DirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import { perGraph } from '../graph/per-graph.ts';

/** What a principal must be to see a type or a field: one group of roles must be held as a whole; no groups: anyone known. */
export interface Requirement {
  readonly groups: readonly (readonly string[])[];
}

/** The requirements of a supergraph. */
export interface Requirements {
  readonly isEmpty: boolean;
  /** Of `Type`, or of `Type.field`. */
  of(coordinate: string): Requirement | undefined;
}

/** Reads @authenticated and @requiresScopes from the full text of the supergraph. Scopes are our roles. */
export const requirementsOf = perGraph(({ sdl }): Requirements => {
  const found = new Map<string, Requirement>();
  const note = (coordinate: string, directives: readonly DirectiveNode[] | undefined): void => {
    const requirement = requirementOf(directives ?? []);
    if (requirement !== null) found.set(coordinate, requirement);
  };
  for (const node of parse(sdl, { noLocation: true }).definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        note(node.name.value, node.directives);
        for (const field of node.fields ?? [])
          note(`${node.name.value}.${field.name.value}`, field.directives);
        break;
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        note(node.name.value, node.directives);
        break;
      default:
    }
  }
  return { isEmpty: found.size === 0, of: (coordinate) => found.get(coordinate) };
});

function requirementOf(directives: readonly DirectiveNode[]): Requirement | null {
  const scoped = directives.find(({ name }) => name.value === 'requiresScopes');
  if (scoped !== undefined) {
    const scopes = scoped.arguments?.find(({ name }) => name.value === 'scopes')?.value;
    return { groups: groupsOf(scopes === undefined ? [] : valueFromASTUntyped(scopes)) };
  }
  return directives.some(({ name }) => name.value === 'authenticated') ? { groups: [] } : null;
}

function groupsOf(value: unknown): readonly (readonly string[])[] {
  const groups = Array.isArray(value) ? value : [];
  const read = groups.map((group: unknown) =>
    (Array.isArray(group) ? group : []).filter((scope) => typeof scope === 'string'),
  );
  // No group at all can be held by nobody; without this it would read as anyone.
  return read.length === 0 ? [['nobody']] : read;
}
