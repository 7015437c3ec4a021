import { Problem } from '@spine/kernel/problem';
import { pointer } from '../json.ts';
import { type Draft, draftOf, isSince } from './draft.ts';
import { findEndless } from './endless.ts';
import type { JsonSchemaTree, SchemaDocument } from './json-schema-tree.ts';
import { idKeyword, type OpenNode, readNode } from './read-node.ts';
import { resolveUri, splitUri } from './schema-uri.ts';
import { isSchemaJson, type SchemaJson, subschemasOf } from './subschemas.ts';

/** A schema that can be referred to by URI, with all inside it that has no URI of its own. */
interface Resource {
  readonly uri: string;
  readonly document: SchemaDocument;
  readonly path: string;
  readonly draft: Draft;
  readonly anchors: Map<string, OpenNode>;
  readonly dynamicAnchors: Map<string, OpenNode>;
}

/** A reference that was read and not followed yet. */
interface PendingReference {
  readonly node: OpenNode;
  readonly keyword: '$ref' | '$dynamicRef' | '$recursiveRef';
  readonly to: string;
  readonly from: Resource;
}

/**
 * Reads a schema and the texts that it may refer to, and follows every reference. Nothing is fetched. Throws SCHEMA_INVALID
 * for a reference that leads nowhere, and for a schema that uses itself without looking into the value.
 */
export function buildTree(own: SchemaDocument, dependencies: readonly SchemaDocument[]): JsonSchemaTree {
  const nodes = new Map<SchemaDocument, Map<string, OpenNode>>();
  const resources = new Map<string, Resource>();
  const pending: PendingReference[] = [];

  function readDocument(document: SchemaDocument): OpenNode {
    if (!isSchemaJson(document.json)) throw notASchema(document);
    nodes.set(document, new Map());
    const resource = createResource(resolveUri('', document.name), document, '', draftOf(document.json));
    if (!resources.has(resource.uri)) resources.set(resource.uri, resource);
    return readSchema(document.json, '', resource);
  }

  function readSchema(json: SchemaJson, path: string, outer: Resource): OpenNode {
    const resource = resourceOf(json, path, outer);
    const { draft, document } = resource;
    const children = new Map<string, OpenNode>();
    for (const inner of subschemasOf(json, path, draft)) {
      children.set(pointer(inner.keyword, inner.step ?? ''), readSchema(inner.json, inner.path, resource));
    }
    const node = readNode(json, { draft, document: document.name, path }, (keyword, step) =>
      children.get(pointer(keyword, step ?? '')),
    );
    nodes.get(document)?.set(path, node);
    noteNames(json, node, resource);
    return node;
  }

  /** A schema with an id of its own begins a resource. */
  function resourceOf(json: SchemaJson, path: string, outer: Resource): Resource {
    if (typeof json === 'boolean') return outer;
    const draft = typeof json['$schema'] === 'string' ? draftOf(json) : outer.draft;
    const id = json[idKeyword(draft)];
    if (
      typeof id !== 'string' ||
      id.startsWith('#') ||
      (typeof json['$ref'] === 'string' && !isSince(draft, '2019-09'))
    ) {
      return outer;
    }
    const resource = createResource(resolveUri(outer.uri, splitUri(id).address), outer.document, path, draft);
    // The first text that has a URI keeps it: the schema's own come first.
    if (!resources.has(resource.uri)) resources.set(resource.uri, resource);
    return resource;
  }

  function noteNames(json: SchemaJson, node: OpenNode, resource: Resource): void {
    if (typeof json === 'boolean') return;
    const { draft } = resource;
    const id = json[idKeyword(draft)];
    if (typeof id === 'string' && id.startsWith('#')) resource.anchors.set(id.slice(1), node);
    if (typeof json['$ref'] === 'string') {
      pending.push({ node, keyword: '$ref', to: json['$ref'], from: resource });
    }
    if (!isSince(draft, '2019-09')) return;
    if (typeof json['$anchor'] === 'string') resource.anchors.set(json['$anchor'], node);
    if (draft === '2019-09') {
      if (json['$recursiveAnchor'] === true) resource.dynamicAnchors.set('', node);
      if (json['$recursiveRef'] === '#')
        pending.push({ node, keyword: '$recursiveRef', to: '#', from: resource });
      return;
    }
    if (typeof json['$dynamicAnchor'] === 'string') {
      resource.anchors.set(json['$dynamicAnchor'], node);
      resource.dynamicAnchors.set(json['$dynamicAnchor'], node);
    }
    if (typeof json['$dynamicRef'] === 'string') {
      pending.push({ node, keyword: '$dynamicRef', to: json['$dynamicRef'], from: resource });
    }
  }

  function follow({ node, keyword, to, from }: PendingReference): void {
    const { address, fragment } = splitUri(to);
    const resource = findResource(address, from);
    const target = resource && findInside(resource, fragment);
    if (resource === undefined || target === undefined) throw leadsNowhere(node, keyword, to);
    // Where several schemas answer to one dynamic name, it depends on the way that a validator took.
    if (keyword !== '$ref' && resource.dynamicAnchors.has(fragment)) {
      const answering = [...resources.values()].filter((each) => each.dynamicAnchors.has(fragment));
      if (answering.length > 1) {
        node.isOpaque = true;
        return;
      }
    }
    if (node.ref === undefined) node.ref = target;
    else node.allOf = [...(node.allOf ?? []), target];
  }

  function findResource(address: string, from: Resource): Resource | undefined {
    if (address === '') return from;
    return (
      resources.get(resolveUri(from.uri, address)) ??
      resources.get(address) ??
      resources.get(resolveUri('', address))
    );
  }

  function findInside(resource: Resource, fragment: string): OpenNode | undefined {
    if (fragment !== '' && !fragment.startsWith('/')) return resource.anchors.get(fragment);
    const path = `${resource.path}${fragment === '/' ? '' : fragment}`;
    const known = nodes.get(resource.document)?.get(path);
    if (known !== undefined) return known;
    // A schema in a place that no keyword makes one, as under `components`.
    const json = valueAt(resource.document.json, path);
    return isSchemaJson(json) ? readSchema(json, path, resource) : undefined;
  }

  const root = readDocument(own);
  for (const dependency of dependencies) readDocument(dependency);
  // Grows while it is read.
  for (const reference of pending) follow(reference);
  const all = [...nodes.values()].flatMap((each) => [...each.values()]);
  const endless = findEndless(all);
  if (endless !== undefined) {
    throw new Problem('SCHEMA_INVALID', `the schema uses itself without end${inDocument(endless)}`, {
      fix: 'let a circle of references lead through a property or an item',
      path: endless.path,
    });
  }
  return { draft: root.draft, root, json: own.json, dependencies };
}

function createResource(uri: string, document: SchemaDocument, path: string, draft: Draft): Resource {
  return { uri, document, path, draft, anchors: new Map(), dynamicAnchors: new Map() };
}

function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const step of path.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function leadsNowhere(node: OpenNode, keyword: string, to: string): Problem {
  return new Problem('SCHEMA_INVALID', `${keyword} ${JSON.stringify(to)} leads nowhere${inDocument(node)}`, {
    fix: 'name a schema of this text, or publish the other one and list it in the references',
    path: pointer(node.path, keyword),
  });
}

function notASchema(document: SchemaDocument): Problem {
  const what = document.name === '' ? 'the schema' : `the reference ${JSON.stringify(document.name)}`;
  return new Problem('SCHEMA_INVALID', `${what} is neither an object nor true or false`, { path: '' });
}

function inDocument({ document }: { readonly document: string }): string {
  return document === '' ? '' : ` in the reference ${JSON.stringify(document)}`;
}
