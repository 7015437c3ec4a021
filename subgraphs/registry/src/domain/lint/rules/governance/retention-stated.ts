import { retentionSeconds } from '../../../retention.ts';
import type { GovernanceRule } from '../../lint-rule.ts';

export const retentionStated: GovernanceRule = {
  id: 'RETENTION_STATED',
  format: 'ANY',
  severity: 'warning',
  summary: 'The version states how long its data may be kept, as an ISO 8601 duration.',
  check: ({ stewardship }) => {
    if (stewardship === undefined) return [];
    const { retention } = stewardship;
    if (retention === undefined) return [{ path: '', message: 'no retention is stated' }];
    if (retentionSeconds(retention) !== undefined) return [];
    return [{ path: '', message: `${retention.slice(0, 40)} is no ISO 8601 duration, as P90D is` }];
  },
};
