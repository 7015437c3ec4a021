import type { Sighting } from './sighting.ts';

/** One thing that quarantine does, in its order. */
export type QuarantineStep =
  | { readonly kind: 'take_replication'; readonly role: string }
  | { readonly kind: 'drop_slot'; readonly slot: string; readonly database: string }
  | { readonly kind: 'disable_subscription'; readonly subscription: string }
  | { readonly kind: 'by_hand'; readonly what: string };

/**
 * What cuts a finding off, and it alone: a role that is known keeps its rights when a slot of its is dropped. Only what surely takes data out of here and can be told from the business of the server itself is
 * cut by itself: logical slots, subscriptions, the right to replicate. A standby looks like any other physical walsender, so
 * those are a person's to cut, as are offers that nobody has taken up yet.
 */
export function quarantineSteps({ kind, name, details }: Sighting): readonly QuarantineStep[] {
  const database = typeof details['database'] === 'string' ? details['database'] : '';
  switch (kind) {
    case 'slot':
      if (details['type'] !== 'logical') {
        return [{ kind: 'by_hand', what: `drop the physical slot ${name} if no standby of yours reads it` }];
      }
      return [{ kind: 'drop_slot', slot: name, database }];
    case 'slot_reader':
      return [
        { kind: 'by_hand', what: 'end the session that reads a slot of ours, and change the password' },
      ];
    case 'walsender':
      return [{ kind: 'by_hand', what: `end the walsender ${name} if it is no standby or backup of yours` }];
    case 'publication':
    case 'published_table':
      return [{ kind: 'by_hand', what: `withdraw ${name} from publication if nobody answers for it` }];
    case 'subscription':
      return [{ kind: 'disable_subscription', subscription: name }];
    case 'replication_role':
      return details['superuser'] === true
        ? [{ kind: 'by_hand', what: `take superuser from the role ${name} if nobody answers for it` }]
        : [{ kind: 'take_replication', role: name }];
    case 'foreign_server':
    case 'user_mapping':
      return [{ kind: 'by_hand', what: `drop ${name} if nobody answers for it` }];
    case 'consumer_group':
      return [{ kind: 'by_hand', what: `take the right to read from the principal of the group ${name}` }];
    case 'topic_reader':
      return [{ kind: 'by_hand', what: `remove the ACL by which ${name}` }];
    case 'unobserved':
      return [
        { kind: 'by_hand', what: 'let the scanner see it: what cannot be observed is not known to be clean' },
      ];
  }
}

/** A step in words. */
export function stepText(step: QuarantineStep): string {
  switch (step.kind) {
    case 'take_replication':
      return `alter role ${step.role} noreplication, unless it is a superuser or ours`;
    case 'drop_slot':
      return `end whoever reads the slot ${step.slot}, and drop it`;
    case 'disable_subscription':
      return `disable the subscription ${step.subscription}`;
    case 'by_hand':
      return `by hand: ${step.what}`;
  }
}
