import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';

/** The run facet that says who emitted an event and when it was handed over. */
export const deliveryFacet = 'spine_delivery';

type Json = Readonly<Record<string, unknown>>;

/**
 * The identity of an event: a hash of its content. OpenLineage gives events no id and clients resend, so that content is all
 * there is to go by. How it was delivered is left out: a facet rewritten on a retry does not make a new event.
 */
export function eventIdOf(event: Json): string {
  return sha256Hex(canonicalJson(withoutDelivery(event)));
}

function withoutDelivery(event: Json): Json {
  const { run } = event;
  if (!isObject(run) || !isObject(run['facets']) || !(deliveryFacet in run['facets'])) return event;
  const { [deliveryFacet]: _, ...facets } = run['facets'];
  return { ...event, run: { ...run, facets } };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
