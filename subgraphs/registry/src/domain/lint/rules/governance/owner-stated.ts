import type { GovernanceRule } from '../../lint-rule.ts';

export const ownerStated: GovernanceRule = {
  id: 'OWNER_STATED',
  format: 'ANY',
  severity: 'warning',
  summary: 'The subject has an owner, who answers for its data.',
  check: ({ stewardship }) => {
    if (stewardship === undefined || (stewardship.owner ?? '') !== '') return [];
    return [{ path: '', message: 'nobody is named as owner' }];
  },
};
