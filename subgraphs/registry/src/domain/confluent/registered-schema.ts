import type { SchemaReference } from '../schema-reference.ts';
import type { JsonObject } from '../schema-source.ts';
import type { SchemaType } from '../schema-type.ts';

/** A content as Kafka clients know it: what an id stands for, for good. */
export interface SchemaContent {
  readonly id: number;
  readonly guid: string;
  readonly digest: string;
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: JsonObject | undefined;
  readonly ruleSet: JsonObject | undefined;
}

/** A content under a subject. */
export interface RegisteredSchema extends SchemaContent {
  /** By its qualified name. */
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly registeredAt: Date;
}
