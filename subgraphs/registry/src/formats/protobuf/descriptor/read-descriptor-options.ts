import { isRecord } from '../../../domain/json.ts';
import type { OptionValue, ProtoOption } from '../../../domain/protobuf/proto-file.ts';
import { snakeCase } from './descriptor-words.ts';

/** The options of a descriptor as they would be written. Those of extensions that nobody here knows are not among them. */
export function readDescriptorOptions(plain: unknown): readonly ProtoOption[] {
  if (!isRecord(plain)) return [];
  const options: ProtoOption[] = [];
  for (const [key, value] of Object.entries(plain)) {
    if (key === 'uninterpretedOption') continue;
    if (key === 'features' && isRecord(value)) {
      for (const [name, word] of Object.entries(value)) {
        if (typeof word === 'string') options.push(wordOption(`features.${snakeCase(name)}`, word));
      }
      continue;
    }
    const name = key.startsWith('.')
      ? `(${key.slice(1).split('.').map(snakeCase).join('.')})`
      : snakeCase(key);
    const written = readValue(value, isEnumOption(name));
    if (written !== undefined) options.push({ name, value: written });
  }
  return options;
}

const enumOptions: ReadonlySet<string> = new Set([
  'optimize_for',
  'ctype',
  'jstype',
  'idempotency_level',
  'retention',
]);

function isEnumOption(name: string): boolean {
  return enumOptions.has(name);
}

function wordOption(name: string, text: string): ProtoOption {
  return { name, value: { kind: 'word', text } };
}

function readValue(value: unknown, isEnum: boolean): OptionValue | undefined {
  if (typeof value === 'string') return { kind: isEnum ? 'word' : 'string', text: value };
  if (typeof value === 'boolean' || typeof value === 'number') return { kind: 'word', text: String(value) };
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.flatMap((each) => readValue(each, isEnum) ?? []) };
  }
  if (!isRecord(value)) return undefined;
  return { kind: 'message', fields: Object.entries(value).flatMap(([key, inner]) => readPart(key, inner)) };
}

/** A map of an option is written as its entries. */
function readPart(key: string, value: unknown): readonly ProtoOption[] {
  if (key === 'params' && isRecord(value)) {
    return Object.entries(value).map(([name, text]) => ({
      name: key,
      value: {
        kind: 'message',
        fields: [
          { name: 'key', value: { kind: 'string', text: name } },
          { name: 'value', value: { kind: 'string', text: String(text) } },
        ],
      },
    }));
  }
  const written = readValue(value, false);
  return written === undefined ? [] : [{ name: snakeCase(key), value: written }];
}
