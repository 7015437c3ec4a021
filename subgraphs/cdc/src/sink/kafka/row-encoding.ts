/** How rows of one table become the bytes of records, and the Avro schemas that tell readers so. */
export interface RowEncoding {
  readonly valueSchema: string;
  /** Null for a table without a key: its records have none either. */
  readonly keySchema: string | null;
  /** A row in the delivered shape, obligations met. Throws RowRefused for a value that has no form in Avro. */
  encodeRow(tuple: Buffer): Buffer;
  encodeKey(tuple: Buffer): Buffer;
}
