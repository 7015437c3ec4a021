import { namesPersonalData } from '@spine/kernel/residency/personal-name';
import { expect, test } from 'vitest';
import { personalTagFor } from './personal-word.ts';

test.each([
  ['email', 'pii:email'],
  ['customerEmailAddress', 'pii:email'],
  ['contact-e-mail', 'pii:email'],
  ['HomePhoneNumber', 'pii:phone'],
  ['mobile_no', 'pii:phone'],
  ['full_name', 'pii:name'],
  ['cardHolder', 'pii:name'],
  ['dateOfBirth', 'pii:birth'],
  ['dob', 'pii:birth'],
  ['ssn', 'pii:national_id'],
  ['TaxID', 'pii:national_id'],
  ['iban', 'pii:bank'],
  ['billing_address', 'pii:address'],
  ['shippingAddressLine2', 'pii:address'],
  ['zipCode', 'pii:address'],
  ['client_ip', 'pii:ip'],
  ['ip_address', 'pii:ip'],
  ['gender', 'pii:sensitive'],
])('%s looks like personal data and asks for %s', (name, tag) => {
  expect(personalTagFor(name)).toBe(tag);
});

test.each([
  'id',
  'name',
  'product_name',
  'file_name',
  'email_count',
  'phone_verified_at',
  'mac_address',
  'wallet_address',
  'addressed_to_queue',
  'telephony_plan',
  'streetcar',
  'class_number',
  'lessons',
  'dobro',
  'iban_checksum_ok',
])('%s does not', (name) => {
  expect(personalTagFor(name)).toBeUndefined();
});

test.each(
  [
    'e_mail',
    'telephone',
    'lastName',
    'maiden_name',
    'birthday',
    'passport_no',
    'drivingLicence',
    'credit_card',
  ]
    .concat([
      'social_security',
      'national_id_number',
      'street',
      'home_address',
      'mobile',
      'surname',
      'ip_address',
    ])
    .flatMap((word) => [word, `customer_${word}`]),
)('what the gate suspects at a border, lint suspects before: %s', (name) => {
  expect(namesPersonalData(name)).toBe(true);
  expect(personalTagFor(name)).toBeDefined();
});
