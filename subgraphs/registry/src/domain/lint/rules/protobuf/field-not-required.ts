import { pointer } from '../../../json.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { messagesOf } from '../../protobuf-places.ts';

export const fieldNotRequired: ProtobufRule = {
  id: 'FIELD_NOT_REQUIRED',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'No field is `required`: it can never be taken back.',
  check: ({ file }) =>
    messagesOf(file)
      .flatMap(({ piece: { fields }, path }) => fields.map((field) => ({ field, path })))
      .filter(({ field }) => field.presence === 'required')
      .map(({ field: { name, number }, path }) => ({
        path: pointer(pointer(path, 'fields'), number),
        message: `the field ${name} is required: a reader refuses every message without it, for ever`,
      })),
};
