import { Problem } from '@spine/kernel/problem';
import { type Role, roles } from '@spine/kernel/role';
import { hasRole } from '@spine/platform/auth/authorise';
import type { Principal } from '@spine/platform/auth/principal';
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { perGraph } from '../graph/per-graph.ts';
import { type Requirement, type Requirements, requirementsOf } from './requirements.ts';

/** A part of an operation that is not for everyone. */
interface Guarded {
  readonly coordinate: string;
  readonly requirement: Requirement;
}

// Documents are kept, and forgotten, by whoever validates them.
const known = perGraph(() => new WeakMap<DocumentNode, readonly Guarded[]>());

/**
 * Refuses an operation that names a field or type which the principal may not see by the supergraph's directives, as a
 * whole (FORBIDDEN, naming what). Where an interface or union is asked, the strictest of its types counts. The subgraphs
 * check for themselves, too: this only saves asking them.
 */
export function assertAuthorised(operation: Operation, principal: Principal): void {
  const requirements = requirementsOf(operation.graph);
  if (requirements.isEmpty) return;
  for (const { coordinate, requirement } of guardedParts(operation, requirements)) {
    if (meets(principal, requirement)) continue;
    const groups = requirement.groups.map((group) => group.join(' and '));
    throw new Problem('FORBIDDEN', `${principal.id} may not see ${coordinate}`, {
      fix: `Ask with a token that holds ${groups.join(', or ')}.`,
    });
  }
}

function guardedParts(operation: Operation, requirements: Requirements): readonly Guarded[] {
  const { graph, document } = operation;
  const found = known(graph).get(document);
  if (found !== undefined) return found;
  const coordinates = new Set<string>();
  const info = new TypeInfo(graph.schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name: { value } }) {
        const parent = info.getParentType();
        const type = info.getType();
        for (const { name } of parent ? typesOf(graph.schema, parent) : []) {
          coordinates.add(name).add(`${name}.${value}`);
        }
        for (const { name } of type ? typesOf(graph.schema, getNamedType(type)) : []) coordinates.add(name);
      },
    }),
  );
  const guarded = [...coordinates].flatMap((coordinate) => {
    const requirement = requirements.of(coordinate);
    return requirement === undefined ? [] : [{ coordinate, requirement }];
  });
  known(graph).set(document, guarded);
  return guarded;
}

function typesOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType | GraphQLNamedType,
): readonly GraphQLNamedType[] {
  return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
}

/** Whoever has come this far has proved who they are: @authenticated asks no more. */
function meets(principal: Principal, { groups }: Requirement): boolean {
  return groups.length === 0 || groups.some((group) => group.every((scope) => holds(principal, scope)));
}

function holds(principal: Principal, scope: string): boolean {
  const role = roles.find((candidate): candidate is Role => candidate === scope);
  return role !== undefined && hasRole(principal, role);
}
