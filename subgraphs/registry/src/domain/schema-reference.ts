/** A schema that another one uses, as its publisher named it. */
export interface SchemaReference {
  /** The word by which the text uses it: an Avro full name, a Protobuf import path, a JSON Schema URI. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** The text behind a reference. */
export interface ReferencedText {
  readonly name: string;
  readonly text: string;
}
