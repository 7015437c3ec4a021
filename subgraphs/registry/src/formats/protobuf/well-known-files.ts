import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ProtoFile } from '../../domain/protobuf/proto-file.ts';
import { readProtoFile } from './read-proto-file.ts';

/** Files that any schema may import without a reference. */
const texts: Readonly<Record<string, string>> = {
  'google/protobuf/any.proto': proto3(
    'google.protobuf',
    'message Any { string type_url = 1; bytes value = 2; }',
  ),
  'google/protobuf/duration.proto': proto3(
    'google.protobuf',
    'message Duration { int64 seconds = 1; int32 nanos = 2; }',
  ),
  'google/protobuf/empty.proto': proto3('google.protobuf', 'message Empty {}'),
  'google/protobuf/field_mask.proto': proto3(
    'google.protobuf',
    'message FieldMask { repeated string paths = 1; }',
  ),
  'google/protobuf/struct.proto': proto3(
    'google.protobuf',
    `message Struct { map<string, Value> fields = 1; }
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
enum NullValue { NULL_VALUE = 0; }
message ListValue { repeated Value values = 1; }`,
  ),
  'google/protobuf/timestamp.proto': proto3(
    'google.protobuf',
    'message Timestamp { int64 seconds = 1; int32 nanos = 2; }',
  ),
  'google/protobuf/wrappers.proto': proto3(
    'google.protobuf',
    `message DoubleValue { double value = 1; }
message FloatValue { float value = 1; }
message Int64Value { int64 value = 1; }
message UInt64Value { uint64 value = 1; }
message Int32Value { int32 value = 1; }
message UInt32Value { uint32 value = 1; }
message BoolValue { bool value = 1; }
message StringValue { string value = 1; }
message BytesValue { bytes value = 1; }`,
  ),
  'google/type/calendar_period.proto': proto3(
    'google.type',
    `enum CalendarPeriod {
  CALENDAR_PERIOD_UNSPECIFIED = 0; DAY = 1; WEEK = 2; FORTNIGHT = 3; MONTH = 4; QUARTER = 5; HALF = 6; YEAR = 7;
}`,
  ),
  'google/type/color.proto': proto3(
    'google.type',
    `import "google/protobuf/wrappers.proto";
message Color { float red = 1; float green = 2; float blue = 3; google.protobuf.FloatValue alpha = 4; }`,
  ),
  'google/type/date.proto': proto3(
    'google.type',
    'message Date { int32 year = 1; int32 month = 2; int32 day = 3; }',
  ),
  'google/type/datetime.proto': proto3(
    'google.type',
    `import "google/protobuf/duration.proto";
message DateTime {
  int32 year = 1; int32 month = 2; int32 day = 3; int32 hours = 4; int32 minutes = 5; int32 seconds = 6; int32 nanos = 7;
  oneof time_offset { google.protobuf.Duration utc_offset = 8; TimeZone time_zone = 9; }
}
message TimeZone { string id = 1; string version = 2; }`,
  ),
  'google/type/dayofweek.proto': proto3(
    'google.type',
    `enum DayOfWeek {
  DAY_OF_WEEK_UNSPECIFIED = 0; MONDAY = 1; TUESDAY = 2; WEDNESDAY = 3; THURSDAY = 4; FRIDAY = 5; SATURDAY = 6; SUNDAY = 7;
}`,
  ),
  'google/type/expr.proto': proto3(
    'google.type',
    'message Expr { string expression = 1; string title = 2; string description = 3; string location = 4; }',
  ),
  'google/type/fraction.proto': proto3(
    'google.type',
    'message Fraction { int64 numerator = 1; int64 denominator = 2; }',
  ),
  'google/type/latlng.proto': proto3(
    'google.type',
    'message LatLng { double latitude = 1; double longitude = 2; }',
  ),
  'google/type/money.proto': proto3(
    'google.type',
    'message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }',
  ),
  'google/type/month.proto': proto3(
    'google.type',
    `enum Month {
  MONTH_UNSPECIFIED = 0; JANUARY = 1; FEBRUARY = 2; MARCH = 3; APRIL = 4; MAY = 5; JUNE = 6; JULY = 7;
  AUGUST = 8; SEPTEMBER = 9; OCTOBER = 10; NOVEMBER = 11; DECEMBER = 12;
}`,
  ),
  'google/type/postal_address.proto': proto3(
    'google.type',
    `message PostalAddress {
  int32 revision = 1; string region_code = 2; string language_code = 3; string postal_code = 4; string sorting_code = 5;
  string administrative_area = 6; string locality = 7; string sublocality = 8; repeated string address_lines = 9;
  repeated string recipients = 10; string organization = 11;
}`,
  ),
  'google/type/quaternion.proto': proto3(
    'google.type',
    'message Quaternion { double x = 1; double y = 2; double z = 3; double w = 4; }',
  ),
  'google/type/timeofday.proto': proto3(
    'google.type',
    'message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }',
  ),
  'confluent/meta.proto': proto3(
    'confluent',
    `import "google/protobuf/descriptor.proto";
message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }
extend google.protobuf.FileOptions { Meta file_meta = 1088; }
extend google.protobuf.MessageOptions { Meta message_meta = 1088; }
extend google.protobuf.FieldOptions { Meta field_meta = 1088; }
extend google.protobuf.EnumOptions { Meta enum_meta = 1088; }
extend google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; }`,
  ),
  'confluent/type/decimal.proto': proto3(
    'confluent.type',
    `import "confluent/meta.proto";
message Decimal {
  bytes value = 1 [(confluent.field_meta) = { doc: "big-endian two's complement", params: { key: "precision", value: "integer" } }];
  uint32 precision = 2;
  int32 scale = 3;
}`,
  ),
};

/** Longer ones are read from the package that brings them. */
const packaged: ReadonlySet<string> = new Set([
  'google/protobuf/api.proto',
  'google/protobuf/descriptor.proto',
  'google/protobuf/source_context.proto',
  'google/protobuf/type.proto',
]);

/** Read once each: there are not many, and they never change. */
const known = new Map<string, ProtoFile>();

/** A file that everybody has; undefined for any other path. */
export function wellKnownFile(path: string): ProtoFile | undefined {
  const read = known.get(path);
  if (read !== undefined) return read;
  const text = wellKnownText(path);
  if (text === undefined) return undefined;
  const file = readProtoFile(text);
  known.set(path, file);
  return file;
}

/** The text of a file that everybody has; undefined for any other path. */
export function wellKnownText(path: string): string | undefined {
  if (packaged.has(path)) {
    return readFileSync(createRequire(import.meta.url).resolve(`protobufjs/${path}`), 'utf8');
  }
  return Object.hasOwn(texts, path) ? texts[path] : undefined;
}

function proto3(packageName: string, body: string): string {
  return `syntax = "proto3";\npackage ${packageName};\n${body}\n`;
}
