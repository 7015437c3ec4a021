import type { PublishRequest } from '../usecases/publish-request.ts';
import { recordText } from './start-registry.ts';

/** A field that may be added and removed at every level. */
export const optional = (name: string): object => ({ name, type: ['null', 'string'], default: null });

/** A field that no older data has: adding it breaks BACKWARD. */
export const required = (name: string): object => ({ name, type: 'string' });

/** A request of ann's to publish a record of these fields. */
export function publishRequest(
  subject: string,
  fields: readonly object[],
  more: Partial<PublishRequest> = {},
): PublishRequest {
  return {
    subject,
    type: 'AVRO',
    text: recordText(fields),
    publishedBy: 'ann',
    mayChangeLevel: false,
    ...more,
  };
}
