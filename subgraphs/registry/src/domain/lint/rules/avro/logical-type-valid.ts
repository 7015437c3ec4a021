import { isPrimitive } from '../../../avro/avro-name.ts';
import { readLogicalType } from '../../../avro/logical-type.ts';
import { pointer } from '../../../json.ts';
import type { AvroRule } from '../../lint-rule.ts';

/** Those that Avro specifies (1.12): any other name is somebody's own, and none of our business. */
const known = new Set(
  (
    'decimal big-decimal uuid date time-millis time-micros timestamp-millis timestamp-micros timestamp-nanos ' +
    'local-timestamp-millis local-timestamp-micros local-timestamp-nanos duration'
  ).split(' '),
);

export const avroLogicalTypeValid: AvroRule = {
  id: 'AVRO_LOGICAL_TYPE_VALID',
  format: 'AVRO',
  severity: 'error',
  summary: 'A logical type of Avro stands on a type and with attributes by which readers honour it.',
  check: ({ types }) =>
    types.flatMap(({ path, json }) => {
      const { type, logicalType, size } = json;
      if (typeof logicalType !== 'string' || !known.has(logicalType)) return [];
      const honoured =
        (typeof type === 'string' && isPrimitive(type) && readLogicalType(json, type) !== undefined) ||
        (type === 'fixed' && typeof size === 'number' && readLogicalType(json, 'fixed', size) !== undefined);
      if (honoured) return [];
      const message = `${logicalType} is not valid on this ${String(type)}: readers ignore it and see bare ${String(type)} values`;
      return [{ path: pointer(path, 'logicalType'), message }];
    }),
};
