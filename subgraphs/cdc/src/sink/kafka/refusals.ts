/**
 * A row that a topic cannot take: the same row would be refused again. Its code is the SQLSTATE by which every sink tells
 * refused data from an outage (data exception). The message names tables and columns, never values.
 */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
  readonly code = '22000';
}

/** A change that topics cannot tell, whatever its row: the table stops until its cause is mended. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused';
  readonly code = '42000';
}
