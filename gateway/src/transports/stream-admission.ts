import { isLoopback } from '@spine/platform/auth/is-loopback';
import type { Principal } from '@spine/platform/auth/principal';
import type { StreamConfig } from './stream-config.ts';

/** Whose the limit is that was reached. */
export type FullFor = 'process' | 'principal' | 'address';

/** Counts who holds sockets and event streams. */
export interface StreamAdmission {
  /** Lets one more in, until the returned function is called; or says whose limit is reached. */
  admit(principal: Principal, address: string | undefined): (() => void) | FullFor;
}

/** Begins with nobody in. */
export function createStreamAdmission({
  most,
  perPrincipal,
  perAddress,
}: Pick<StreamConfig, 'most' | 'perPrincipal' | 'perAddress'>): StreamAdmission {
  const principals = createTally(perPrincipal);
  const addresses = createTally(perAddress);
  let all = 0;
  return {
    admit(principal, address) {
      // Dev mode knows nobody apart, and all who come from this machine come from one address.
      const id = principal.kind === 'dev' ? null : `${principal.kind} ${principal.id}`;
      const from = address === undefined || isLoopback(address) ? null : address;
      if (all >= most) return 'process';
      if (principals.isFull(id)) return 'principal';
      if (addresses.isFull(from)) return 'address';
      all += 1;
      principals.add(id, 1);
      addresses.add(from, 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        all -= 1;
        principals.add(id, -1);
        addresses.add(from, -1);
      };
    },
  };
}

function createTally(most: number) {
  const counts = new Map<string, number>();
  return {
    isFull: (key: string | null): boolean => key !== null && (counts.get(key) ?? 0) >= most,
    add(key: string | null, change: 1 | -1): void {
      if (key === null) return;
      const count = (counts.get(key) ?? 0) + change;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}
