import { pointer } from '../../../json.ts';
import { isUpperSnakeCase, toUpperSnakeCase } from '../../letter-case.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroSymbolUpperSnakeCase: AvroRule = {
  id: 'AVRO_SYMBOL_UPPER_SNAKE_CASE',
  format: 'AVRO',
  severity: 'warning',
  summary: 'The symbols of an enum are UPPER_SNAKE_CASE.',
  check: ({ definitions }) =>
    definitions.flatMap(({ symbols, path }) =>
      symbols.flatMap((symbol, index) => {
        if (isUpperSnakeCase(symbol)) return [];
        const message = `the symbol ${symbol} is not UPPER_SNAKE_CASE, as ${toUpperSnakeCase(symbol)} is`;
        return [{ path: pointer(pointer(path, 'symbols'), index), message }];
      }),
    ),
};
