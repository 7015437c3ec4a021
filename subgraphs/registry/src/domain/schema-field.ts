/** A field of a schema, nested ones too, by its path: `email`, `address.city`, `lines[].sku`, `prices{}.amount`. */
export interface SchemaField {
  readonly path: string;
  /** The type for people: `string?`, `long (timestamp-micros)`, `string[]`. */
  readonly type: string;
  /** The path in the words of the source, where a column's name is not the field's. */
  readonly sourcePath: string;
}
