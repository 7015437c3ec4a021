import { requireRole } from '@spine/platform/auth/authorise';
import type { Principal } from '@spine/platform/auth/principal';
import { BREAK, type DocumentNode, visit } from 'graphql';

const known = new WeakMap<DocumentNode, boolean>();

/** Lets those who build on the graph read its schema; throws FORBIDDEN for others whose operation asks for it. */
export function assertMayIntrospect(document: DocumentNode, principal: Principal): void {
  if (introspects(document)) requireRole(principal, 'publisher', 'operator', 'steward');
}

function introspects(document: DocumentNode): boolean {
  const found = known.get(document);
  if (found !== undefined) return found;
  let asks = false;
  visit(document, {
    Field({ name: { value } }) {
      if (value !== '__schema' && value !== '__type') return undefined;
      asks = true;
      return BREAK;
    },
  });
  known.set(document, asks);
  return asks;
}
