import { isRecord } from '../json.ts';
import type { AvroNamed, AvroType } from './avro-schema.ts';

/** What a check of defaults needs of the schema around them. */
export interface DefaultScope {
  find(fullName: string): AvroNamed | undefined;
  /** Called at every step; throws when the work gets out of hand: nested unions multiply it. */
  spend(): void;
}

/**
 * What is wrong with a field's default, or undefined. A union takes the default of any of its branches (Avro 1.12);
 * bytes are text of code points up to U+00FF.
 */
export function defaultFault(scope: DefaultScope, type: AvroType, value: unknown): string | undefined {
  scope.spend();
  switch (type.kind) {
    case 'null':
      return value === null ? undefined : 'must be null';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'int':
      return isIntegerWithin(value, 2 ** 31) ? undefined : 'must be a whole number of 32 bits';
    case 'long':
      // Beyond 2^53 the last digits are lost here, not in the text that is served: two such defaults may look equal to us.
      return isIntegerWithin(value, 2 ** 63) || value === 2 ** 63
        ? undefined
        : 'must be a whole number of 64 bits';
    case 'float':
    case 'double':
      return typeof value === 'number' || isNumberText(value) ? undefined : 'must be a number';
    case 'string':
      return typeof value === 'string' ? undefined : 'must be a text';
    case 'bytes':
      return isBytesText(value) ? undefined : 'must be a text of code points up to U+00FF';
    case 'array':
      if (!Array.isArray(value)) return 'must be an array';
      return firstFault(value, (item) => defaultFault(scope, type.items, item));
    case 'map':
      if (!isRecord(value)) return 'must be an object';
      return firstFault(Object.values(value), (item) => defaultFault(scope, type.values, item));
    case 'union':
      return type.branches.some((branch) => defaultFault(scope, branch, value) === undefined)
        ? undefined
        : 'must fit one branch of the union';
    case 'reference': {
      const named = scope.find(type.name);
      return named === undefined ? undefined : namedFault(scope, named, value);
    }
  }
}

function namedFault(scope: DefaultScope, type: AvroNamed, value: unknown): string | undefined {
  switch (type.kind) {
    case 'enum':
      return type.symbols.some((symbol) => symbol === value) ? undefined : 'must be one of the symbols';
    case 'fixed':
      return isBytesText(value) && value.length === type.size
        ? undefined
        : `must be a text of ${type.size} code points up to U+00FF`;
    case 'record': {
      if (!isRecord(value)) return 'must be an object';
      return firstFault(type.fields, (field) => {
        if (!Object.hasOwn(value, field.name)) {
          return field.default === undefined ? `must give the field ${field.name}` : undefined;
        }
        const fault = defaultFault(scope, field.type, value[field.name]);
        return fault === undefined ? undefined : `${field.name} ${fault}`;
      });
    }
  }
}

function firstFault<T>(items: readonly T[], faultOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isIntegerWithin(value: unknown, limit: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit;
}

/** JSON has no word for these numbers; Java takes them as texts, and any other number, too. */
function isNumberText(value: unknown): boolean {
  return typeof value === 'string' && /^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][-+]?\d+)?)$/.test(value);
}

function isBytesText(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  for (let i = 0; i < value.length; i += 1) if (value.charCodeAt(i) > 0xff) return false;
  return true;
}
