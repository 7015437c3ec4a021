import type { Role } from '@spine/kernel/role';
import type { RouteOptions } from 'fastify';
import type { Call } from './call.ts';

/** The methods that the API knows. */
export const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

export type Method = (typeof methods)[number];

/** Answers a call with a document, or with bytes that are one already. */
export type Handler = (call: Call) => unknown;

/** What a path is served under, beside its handler. */
export interface RouteTerms {
  /** Who may call it; without a role whoever is known. */
  readonly role?: Role;
  readonly constraints?: RouteOptions['constraints'];
  /** Under which name the answer is kept at hand; undefined for a call whose answer is not. */
  readonly remembered?: (call: Call) => { readonly about: string; readonly key: string } | undefined;
}

/** Adds a path to the API, at the root and in every context. */
export type AddRoute = (method: Method, path: string, handler: Handler, terms?: RouteTerms) => void;
