/**
 * A value that its Avro type cannot hold, `infinity` for one: the same row would be refused again. Its code is the SQLSTATE
 * by which every sink tells refused data from an outage (data exception). The message names the column, never the value.
 */
export class RefusedValue extends Error {
  override readonly name = 'RefusedValue';
  readonly code = '22000';
}

/** A value that the source did not send, for it did not change: no record can be made of its row, whatever the other values. */
export class UnsentValue extends Error {
  override readonly name = 'UnsentValue';
  readonly code = '42000';
}
