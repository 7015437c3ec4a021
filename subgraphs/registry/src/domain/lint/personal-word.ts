import { namesPersonalData } from '@spine/kernel/residency/personal-name';
import { toLowerSnakeCase } from './letter-case.ts';

/** Names that say personal data, alone or at the end of a longer name, by the tag that they suggest. */
const words: readonly [tag: string, words: readonly string[]][] = [
  ['pii:email', ['e?_?mail_address', 'e_?mail']],
  ['pii:phone', ['((tele|cell)_?)?phone(_number|_no)?', 'mobile(_number|_no)?', 'fax(_number|_no)?']],
  [
    'pii:name',
    [
      '(first|last|middle|full|given|family|maiden|legal|contact|person|holder|recipient|customer)_?name',
      'surname',
      'card_?holder',
    ],
  ],
  ['pii:birth', ['(date|place)_of_birth', 'birth_?(date|day|place|year)', 'dob']],
  [
    'pii:national_id',
    [
      'ssn',
      'social_security(_number|_no)?',
      'passport(_number|_no)?',
      '(national|personal|tax)_id(_number)?',
      'driv(er|ers|ing)_licen[cs]e(_number|_no)?',
      'identity_card(_number)?',
    ],
  ],
  ['pii:bank', ['iban', 'bank_account(_number)?', '(credit|debit)_card(_number)?', 'card_number', 'cvv|cvc']],
  ['pii:ip', ['ip_addr(ess)?', '(client|remote|user)_ip']],
  [
    'pii:address',
    [
      '((home|street|postal|billing|shipping|delivery|mailing|residential|customer)_)?address(_line(_?\\d)?)?',
      'street(_name|_number)?',
      'post(al)?_?code',
      'zip(_?code)?',
    ],
  ],
  ['pii:sensitive', ['gender', 'religion', 'ethnicity', 'nationality', 'marital_status', 'blood_type']],
];

const patterns = words.map(([tag, list]) => [tag, new RegExp(`(^|_)(${list.join('|')})$`)] as const);

/** What is addressed but is nobody's home. */
const otherAddress = /(^|_)(mac|web|host|server|memory|contract|wallet|bind|listen|broker|\w*url)_address$/;

/**
 * The tag that a field's name asks for, or undefined. Camel, snake and kebab case are read alike. All that the gate
 * suspects at a border is suspected here, too, so that lint warns before the gate denies.
 */
export function personalTagFor(name: string): string | undefined {
  const snake = toLowerSnakeCase(name);
  if (otherAddress.test(snake)) return undefined;
  const known = patterns.find(([, pattern]) => pattern.test(snake))?.[0];
  return known ?? (namesPersonalData(name) ? 'pii' : undefined);
}
