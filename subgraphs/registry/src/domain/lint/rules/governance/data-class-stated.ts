import type { GovernanceRule } from '../../lint-rule.ts';

export const dataClassStated: GovernanceRule = {
  id: 'DATA_CLASS_STATED',
  format: 'ANY',
  severity: 'warning',
  summary: 'The version states a data class.',
  check: ({ stewardship }) => {
    if (stewardship === undefined || stewardship.dataClass !== undefined) return [];
    return [{ path: '', message: 'no data class is stated: what is unknown is denied at the gate' }];
  },
};
