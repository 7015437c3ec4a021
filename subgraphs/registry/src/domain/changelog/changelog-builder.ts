import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import type { Governance } from '../governance-change.ts';
import type { SchemaType } from '../schema-type.ts';
import type { DescribedSchema } from './diff-schemas.ts';

/** A version for tests: a text or the JSON of one. */
export function described(
  type: SchemaType,
  schema: string | object,
  governance: Partial<Governance> = {},
): DescribedSchema {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  return {
    source: { type, text },
    schema: {
      type,
      fields: [{ path: 'email' }],
      ...(type === 'PROTOBUF' && { protobuf: parseProtobuf(text) }),
    },
    governance: { tags: {}, ...governance },
  };
}

/** Breaches of nobody. */
export const harmless = { BACKWARD: [], FORWARD: [] } as const;
