import { z } from 'zod';
import { spineSpecShape } from './spine-spec.ts';

/** The JSON Schema (draft 2020-12) of spine.yaml, for editors; committed as schema/spine.schema.json. */
export function spineJsonSchema(): object {
  return {
    $id: 'https://data-spine.dev/schema/spine.schema.json',
    title: 'spine.yaml',
    ...z.toJSONSchema(spineSpecShape, { io: 'input' }),
  };
}
