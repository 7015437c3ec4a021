/** What a principal may do; `service` is held by our own processes only. */
export const roles = [
  'viewer',
  'publisher',
  'operator',
  'steward',
  'security',
  'compliance',
  'admin',
  'service',
] as const;

export type Role = (typeof roles)[number];
