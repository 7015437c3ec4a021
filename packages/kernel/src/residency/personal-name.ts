/** Column names that say "personal data" by themselves, alone or at the end of a longer name. */
const personal = new RegExp(
  `(^|_)(${[
    'e_?mail(_address)?',
    '(tele)?phone(_number|_no)?',
    'mobile(_number|_no|_phone)?',
    '(first|last|middle|full|given|family|maiden)_?name',
    'surname',
    'date_of_birth|birth_?date|birth_?day|dob',
    'ssn|social_security(_number)?',
    'passport(_number|_no)?',
    'national_id(_number)?',
    'driv(er|ers|ing)_licen[cs]e(_number)?',
    'iban',
    'credit_card(_number)?|card_number',
    'ip_address',
    'street(_address)?|home_address',
  ].join('|')})$`,
  'u',
);

/**
 * Whether a column's name says that it holds personal data. Names only, so that the gate needs no row; a name that says
 * nothing is not suspected, which is why the inventory, not this list, is where personal data is declared.
 */
export function namesPersonalData(column: string): boolean {
  return personal.test(column.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
}
