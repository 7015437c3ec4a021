/** Oids of the types of pg_catalog that this service reads; they never change between servers. */
export const typeOid = {
  bool: 16,
  bytea: 17,
  char: 18,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  xml: 142,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
  cidr: 650,
  macaddr8: 774,
  macaddr: 829,
  inet: 869,
  interval: 1186,
  timetz: 1266,
  bit: 1560,
  varbit: 1562,
  tsvector: 3614,
  int4range: 3904,
  numrange: 3906,
  tsrange: 3908,
  tstzrange: 3910,
  daterange: 3912,
  int8range: 3926,
  int4multirange: 4451,
  nummultirange: 4532,
  tsmultirange: 4533,
  tstzmultirange: 4534,
  datemultirange: 4535,
  int8multirange: 4536,
} as const;

const elements: ReadonlyMap<number, number> = new Map([
  [1000, typeOid.bool],
  [1001, typeOid.bytea],
  [1002, typeOid.char],
  [1003, typeOid.name],
  [1016, typeOid.int8],
  [1005, typeOid.int2],
  [1007, typeOid.int4],
  [1009, typeOid.text],
  [1028, typeOid.oid],
  [199, typeOid.json],
  [143, typeOid.xml],
  [1021, typeOid.float4],
  [1022, typeOid.float8],
  [1014, typeOid.bpchar],
  [1015, typeOid.varchar],
  [1182, typeOid.date],
  [1183, typeOid.time],
  [1115, typeOid.timestamp],
  [1185, typeOid.timestamptz],
  [1231, typeOid.numeric],
  [2951, typeOid.uuid],
  [3807, typeOid.jsonb],
  [651, typeOid.cidr],
  [775, typeOid.macaddr8],
  [1040, typeOid.macaddr],
  [1041, typeOid.inet],
  [1187, typeOid.interval],
  [1270, typeOid.timetz],
  [1561, typeOid.bit],
  [1563, typeOid.varbit],
  [3643, typeOid.tsvector],
  [3905, typeOid.int4range],
  [3907, typeOid.numrange],
  [3909, typeOid.tsrange],
  [3911, typeOid.tstzrange],
  [3913, typeOid.daterange],
  [3927, typeOid.int8range],
]);

/** The element type of a built-in array type; undefined for arrays of other types. */
export function elementOf(arrayOid: number): number | undefined {
  return elements.get(arrayOid);
}

/** Precision and scale of a numeric by its modifier; undefined for a numeric that states none. */
export function numericPrecision(
  modifier: number,
): { readonly precision: number; readonly scale: number } | undefined {
  if (modifier < 4) return undefined;
  const packed = modifier - 4;
  // The scale is a signed number of 11 bits (negative since Postgres 15).
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
}
