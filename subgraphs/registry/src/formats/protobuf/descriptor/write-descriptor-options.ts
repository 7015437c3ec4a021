import type { OptionValue, ProtoOption } from '../../../domain/protobuf/proto-file.ts';
import type { PlainDescriptor } from './descriptor-codec.ts';
import { lowerCamelCase } from './descriptor-words.ts';

/** What a descriptor keeps elsewhere than among the options. */
const apart: ReadonlySet<string> = new Set(['default', 'json_name']);

/** The member `options` of a descriptor, if there are any that it can hold. */
export function writeDescriptorOptions(options: readonly ProtoOption[]): {
  readonly options?: PlainDescriptor;
} {
  const plain: Record<string, unknown> = {};
  for (const { name, value } of options) {
    if (!apart.has(name)) write(plain, stepsOf(name), value);
  }
  return Object.keys(plain).length === 0 ? {} : { options: plain };
}

/** The keys from the options to the value; none for an extension whose number nobody here knows. */
function stepsOf(name: string): readonly string[] {
  const extension = /^\(\.?(confluent\.\w+_meta)\)(?:\.(\w+))?$/.exec(name);
  if (extension !== null) {
    const [, known = '', inside] = extension;
    const key = `.${known.split('.').map(lowerCamelCase).join('.')}`;
    return inside === undefined ? [key] : [key, inside];
  }
  return name.startsWith('(') ? [] : name.split('.').map(lowerCamelCase);
}

function write(target: Record<string, unknown>, steps: readonly string[], value: OptionValue): void {
  const [first, second] = steps;
  if (first === undefined) return;
  if (second !== undefined) {
    const inner = target[first];
    const holder: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    write(holder, [second], value);
    target[first] = lists.has(first) ? [holder] : holder;
    return;
  }
  const added = plainValue(value);
  if (!lists.has(first)) target[first] = added;
  else target[first] = [...asList(target[first]), ...asList(added)];
}

/** Options that may be set more than once, each time to one more value. */
const lists: ReadonlySet<string> = new Set(['tags', 'targets', 'editionDefaults']);

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function plainValue(value: OptionValue): unknown {
  switch (value.kind) {
    case 'string':
      return value.text;
    case 'word':
      if (value.text === 'true' || value.text === 'false') return value.text === 'true';
      return value.text;
    case 'list':
      return value.items.map(plainValue);
    case 'message':
      return plainMessage(value.fields);
  }
}

function plainMessage(fields: readonly ProtoOption[]): PlainDescriptor {
  const plain: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.name !== 'params') write(plain, [lowerCamelCase(field.name)], field.value);
    else plain['params'] = { ...(plain['params'] ?? {}), ...mapEntries(field.value) };
  }
  return plain;
}

/** Entries of a map as `{ key: "a", value: "b" }`, one or a list of them. */
function mapEntries(value: OptionValue): PlainDescriptor {
  const entries = value.kind === 'list' ? value.items : [value];
  const plain: Record<string, unknown> = {};
  for (const entry of entries) {
    if (entry.kind !== 'message') continue;
    const { key, value: text } = plainMessage(entry.fields);
    if (typeof key === 'string') plain[key] = text;
  }
  return plain;
}
