import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';

/**
 * An operation that knows the types of its result and variables. It is a document of graphql-js, which other clients take
 * as it is; as a string it is its text, and its id is the text's sha256: its name in the manifest of trusted documents.
 */
export interface TypedDocument<Data, Variables> extends TypedDocumentNode<Data, Variables> {
  readonly id: string;
  toString(): string;
}

/** Makes one; called by generated code. */
export function typedDocument<Data, Variables>(id: string, text: string): TypedDocument<Data, Variables> {
  return Object.assign(parse(text, { noLocation: true }), { id, toString: () => text });
}
