/** A schema with one of everything, in two files, for tests that write and read schemas. */
export const richReferences = [
  {
    name: 'parts/line.proto',
    text: `syntax = "proto3"; package parts;
message Line { string sku = 1; Unit unit = 2; }
enum Unit { UNIT_PIECE = 0; UNIT_KILO = 1; }`,
  },
] as const;

export const richProto3 = `// The orders of a shop.
syntax = "proto3";
package acme.shop;
import "parts/line.proto";
import public "google/protobuf/timestamp.proto";
import "confluent/meta.proto";
option java_package = "com.acme.shop";
option java_multiple_files = true;
option optimize_for = CODE_SIZE;

// An order.
message Order {
  reserved 20, 30 to 39, 1000 to max;
  reserved "old_name";
  int64 id = 1;
  // Who pays.
  optional string email = 2 [(confluent.field_meta) = { doc: "mail", tags: ["PII", "EMAIL"], params: [{ key: "k", value: "v" }] }];
  repeated parts.Line lines = 3;
  map<string, Money> totals = 4;
  oneof payment {
    Card card = 5;
    string iban = 6 [deprecated = true, json_name = "IBAN"];
  }
  repeated int32 marks = 7 [packed = false];
  google.protobuf.Timestamp at = 8;
  Status status = 9;
  message Card { string pan = 1; parts.Unit unit = 2; }
  enum Status { option allow_alias = true; reserved -5 to -1; NEW = 0; FRESH = 0; PAID = 1 [deprecated = true]; }
}
message Money { string currency = 1; sint64 cents = 2; }
service Shop {
  rpc Place(Order) returns (Order.Card) { option idempotency_level = IDEMPOTENT; }
  rpc Watch(stream Order) returns (stream Order);
}
`;

export const richProto2 = `syntax = "proto2";
package acme.old;
message Order {
  extensions 100 to 199, 1000 to max;
  required int64 id = 1;
  optional string note = 2 [default = "a \\"quoted\\" line\\n"];
  optional Size size = 3 [default = LARGE];
  optional double rate = 4 [default = -inf];
  repeated group Line = 5 { required string sku = 1; optional group Box = 2 { optional int32 n = 1; } }
  optional bytes raw = 6 [default = "\\001x"];
  repeated fixed32 marks = 7 [packed = true];
  oneof pay { string iban = 8; int32 cash = 9; }
  extend Order { optional string hint = 150; }
}
enum Size { SMALL = 1; LARGE = 2; }
extend Order { repeated int32 more = 100; optional group Extra = 101 { optional int32 n = 1; } }
`;

export const richEdition = `edition = "2023";
package acme.next;
option features.field_presence = IMPLICIT;
message Order {
  int64 id = 1 [features.field_presence = LEGACY_REQUIRED];
  string note = 2 [features.field_presence = EXPLICIT, features.utf8_validation = NONE];
  Order parent = 3 [features.message_encoding = DELIMITED];
  repeated int32 marks = 4 [features.repeated_field_encoding = EXPANDED];
  Size size = 5 [features.field_presence = EXPLICIT];
}
enum Size { option features.enum_type = CLOSED; SMALL = 1; }
`;
