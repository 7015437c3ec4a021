import type { Role } from '@spine/kernel/role';

/** Who may read decisions, violations and matrices: whoever holds any role. */
export const readers: readonly Role[] = [
  'viewer',
  'publisher',
  'operator',
  'steward',
  'security',
  'compliance',
  'service',
];
