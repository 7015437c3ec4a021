import type { Principal } from '@spine/platform/auth/principal';

/** Who a client is now: over hours, roles are given and taken. */
export interface Identity {
  principal(): Principal;
  /** Tells when the principal may do other things than before. The returned function ends it. */
  onChange(listener: () => void): () => void;
}
