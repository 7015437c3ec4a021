/** Member states of the European Union (ISO 3166-1). */
const eu = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** Jurisdiction groups of more than one country, or named otherwise than their country. */
const groups: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EU', new Set(eu)],
  ['EEA', new Set([...eu, 'IS', 'LI', 'NO'])],
  ['UK', new Set(['GB'])],
]);

/** Every country code of ISO 3166-1 alpha-2. */
const countries: ReadonlySet<string> = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
   CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
   GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
   KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
   MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
   SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
   UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/),
);

/** Whether a code is an ISO 3166-1 country. */
export function isCountry(code: string): boolean {
  return countries.has(code);
}

/** Whether a word names a jurisdiction group (EU, EEA, UK); a country by itself is a jurisdiction, too. */
export function isJurisdictionGroup(word: string): boolean {
  return groups.has(word);
}

/** The groups a country belongs to, narrowest first; none when its law is its own. */
export function groupsOf(country: string): readonly string[] {
  return [...groups].filter(([, members]) => members.has(country)).map(([name]) => name);
}

/** Whose law applies in a country, in one word: its narrowest group, else the country itself. */
export function jurisdictionOf(country: string): string {
  return groupsOf(country)[0] ?? country;
}
