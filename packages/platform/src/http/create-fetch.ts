import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

/** The part of `fetch` that a client of JSON needs. */
export type Fetch = (
  url: string,
  init: Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'>,
) => Promise<Response>;

/** A `fetch` that shows a certificate of ours to services that ask for one, or without files that of the system. */
export function createFetch(files: TlsFiles | null): Fetch {
  if (files === null) return fetch;
  const dispatcher = new Agent({ connect: readTlsFiles(files) });
  return (url, init) => fetch(url, { ...init, dispatcher });
}
