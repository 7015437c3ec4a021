import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import type { SourceEndpoint } from '../domain/endpoint.ts';
import type { SourceAddress } from '../source/connect-source.ts';

/** Where a source may be: its own address first, then those of its standbys. */
export function sourceAddresses(
  resolver: ReferenceResolver,
  { url, standbys = [] }: SourceEndpoint,
  route: string,
): readonly [SourceAddress, ...SourceAddress[]] {
  const at = (reference: string): SourceAddress => ({ url: resolver.url(reference), route });
  return [at(url), ...standbys.map(at)];
}
