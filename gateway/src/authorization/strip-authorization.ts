import { Problem } from '@spine/kernel/problem';
import { type DirectiveNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';

/** The authorisation directives of federation that the gateway enforces by itself. */
const enforced = ['authenticated', 'requiresScopes'] as const;
const refused = ['policy'] as const;

/**
 * A supergraph as the planner takes it: without the authorisation directives, which it refuses to know. Those that are
 * taken away are enforced from the full text (`requirementsOf`); a text with one that nobody enforces, or under a name
 * of its own, is not stripped but refused: serving it would serve what it guards.
 */
export function stripAuthorization(sdl: string): string {
  if (![...enforced, ...refused].some((name) => sdl.includes(`specs.apollo.dev/${name}/`))) return sdl;
  const document = parseSdl(sdl);
  for (const link of linksOf(document)) assertEnforced(link);
  return print(
    visit(document, {
      Directive: (node) => (isEnforced(node.name.value) || linkedFeature(node) !== null ? null : undefined),
      DirectiveDefinition: ({ name }) => (isEnforced(name.value) ? null : undefined),
      ScalarTypeDefinition: ({ name }) => (isEnforced(name.value.split('__', 1)[0] ?? '') ? null : undefined),
    }),
  );
}

function assertEnforced(link: DirectiveNode): void {
  const feature = linkedFeature(link);
  if (feature === null) return;
  const renamed = link.arguments?.some(({ name }) => name.value === 'as' || name.value === 'import') === true;
  if (isEnforced(feature.name) && feature.version === 'v0.1' && !renamed) return;
  throw new Problem(
    'SCHEMA_INVALID',
    `the supergraph uses @${feature.name} in a way that nobody here enforces`,
    {
      fix: 'Use @authenticated or @requiresScopes (v0.1) under their own names, or check in the subgraph.',
    },
  );
}

/** What a `@link` of the schema brings in, when it is about authorisation. */
function linkedFeature(node: DirectiveNode): { readonly name: string; readonly version: string } | null {
  if (node.name.value !== 'link') return null;
  const url = node.arguments?.find(({ name }) => name.value === 'url')?.value;
  if (url?.kind !== Kind.STRING) return null;
  const [, name = '', version = ''] = /specs\.apollo\.dev\/(\w+)\/(v[\d.]+)$/.exec(url.value) ?? [];
  return [...enforced, ...refused].some((known) => known === name) ? { name, version } : null;
}

function linksOf({ definitions }: DocumentNode): readonly DirectiveNode[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? (node.directives ?? [])
      : [],
  );
}

function isEnforced(name: string): boolean {
  return enforced.some((known) => known === name);
}

function parseSdl(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (cause) {
    throw new Problem('SCHEMA_INVALID', 'the supergraph cannot be read', {
      fix: 'compose it again: npm run schema',
      cause,
    });
  }
}
