import { publicationName, slotName } from '../route-names.ts';
import type { Sighting } from './sighting.ts';
import type { DeclaredConsumer } from './watched-endpoint.ts';

/** Everything that may be at a place: what our routes keep there, as whom we come, and what spine.yaml declares. */
export interface Register {
  /** The routes that read from there. */
  readonly routes: ReadonlySet<string>;
  /** As whom we come: database roles, principals of a Kafka. */
  readonly roles: ReadonlySet<string>;
  readonly consumers: readonly DeclaredConsumer[];
}

/** Whether somebody answers for what was seen. A name of ours alone is no proof where the role that holds it can be known. */
export function isRegistered(sighting: Sighting, register: Register): boolean {
  return isOurs(sighting, register) || register.consumers.some((consumer) => declares(consumer, sighting));
}

function isOurs({ kind, name, details }: Sighting, { routes, roles }: Register): boolean {
  const role = typeof details['role'] === 'string' ? details['role'] : '';
  switch (kind) {
    case 'slot':
      return details['plugin'] === 'pgoutput' && isOurSlot(name, details['temporary'] === true, routes);
    case 'slot_reader':
      // A stranger who reads a slot of ours takes our place; one who reads its own is found by the slot.
      return roles.has(role) || !isOurSlot(slotOf(details), details['temporary'] === true, routes);
    case 'walsender':
      return roles.has(role) && [...routes].some((route) => details['application'] === `spine ${route}`);
    case 'publication':
      return isOurPublication(name, routes);
    case 'published_table':
      return typeof details['publication'] === 'string' && isOurPublication(details['publication'], routes);
    case 'replication_role':
      return roles.has(name);
    case 'topic_reader':
      return typeof details['principal'] === 'string' && roles.has(details['principal']);
    case 'subscription':
    case 'foreign_server':
    case 'user_mapping':
    case 'consumer_group':
    case 'unobserved':
      return false;
  }
}

function slotOf(details: Sighting['details']): string {
  return typeof details['slot'] === 'string' ? details['slot'] : '';
}

/** A route's slot; while it copies tables, also a temporary one that is called after it. */
function isOurSlot(name: string, temporary: boolean, routes: ReadonlySet<string>): boolean {
  return [...routes].map(slotName).some(
    (slot) =>
      name === slot ||
      // The server cuts nothing off: the copy's name was made to fit (source/slots.ts).
      (temporary && name.startsWith(`${slot.slice(0, 49)}_copy_`) && /_copy_[0-9a-f]{8}$/.test(name)),
  );
}

function isOurPublication(name: string, routes: ReadonlySet<string>): boolean {
  return [...routes].map(publicationName).some((own) => name === own || name === `${own}_insert`);
}

function declares(consumer: DeclaredConsumer, { kind, name, details }: Sighting): boolean {
  if (consumer.kind === kind) return matches(consumer.name, name);
  // Who answers for a publication answers for what it offers.
  return (
    consumer.kind === 'publication' &&
    kind === 'published_table' &&
    typeof details['publication'] === 'string' &&
    matches(consumer.name, details['publication'])
  );
}

/** Walks both once, stepping back to the last star: no pattern makes it slow. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      inPattern += 1;
      resume = at;
    } else if (pattern[inPattern] === text[at]) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
