import type {
  NumberRange,
  OptionValue,
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoMessage,
  ProtoOption,
  ProtoService,
  ProtoType,
} from './proto-file.ts';
import { maxEnumNumber, maxFieldNumber } from './proto-file.ts';

/** The .proto text of a file: two spaces a level, one statement a line, no comments. Reading it gives the same file. */
export function printProtoFile(file: ProtoFile): string {
  const head =
    file.syntax === 'editions'
      ? `edition = ${quote(file.edition ?? '')};`
      : `syntax = ${quote(file.syntax)};`;
  const groups = file.extensions.filter((extension) => extension.isGroup);
  const blocks = [
    [head],
    file.package === '' ? [] : [`package ${file.package};`],
    file.imports.map(({ path, kind }) => `import ${kind === 'plain' ? '' : `${kind} `}${quote(path)};`),
    file.options.map(optionStatement),
    ...file.messages.filter((message) => !isGroupOf(groups, message)).map(printMessage),
    ...file.enums.map(printEnum),
    ...printExtends(file.extensions, file.messages),
    ...file.services.map(printService),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');
}

/** The value of an option as it is written in a text. */
export function printOptionValue(value: OptionValue): string {
  switch (value.kind) {
    case 'string':
      return quote(value.text);
    case 'word':
      return value.text;
    case 'list':
      return `[${value.items.map(printOptionValue).join(', ')}]`;
    case 'message':
      return value.fields.length === 0
        ? '{}'
        : `{ ${value.fields.map(({ name, value: inner }) => `${name}: ${printOptionValue(inner)}`).join(', ')} }`;
  }
}

type Lines = readonly string[];

function printMessage(message: ProtoMessage): Lines {
  return block(`message ${message.name}`, messageBody(message));
}

function messageBody(message: ProtoMessage): Lines {
  const owners = [...message.fields, ...message.extensions].filter((field) => field.isGroup);
  return [
    ...message.options.map(optionStatement),
    ...reservedStatements(message, maxFieldNumber),
    ...rangeStatements('extensions', message.extensionRanges, maxFieldNumber),
    ...fieldStatements(message),
    ...message.messages.filter((each) => !isGroupOf(owners, each)).flatMap(printMessage),
    ...message.enums.flatMap(printEnum),
    ...printExtends(message.extensions, message.messages).flat(),
  ];
}

/** Members of a oneof are printed where its first one stands. */
function fieldStatements(message: ProtoMessage): Lines {
  const membersOf = groupBy(message.fields, (field) => field.oneof ?? '');
  const optionsOf = new Map(message.oneofs.map((oneof) => [oneof.name, oneof.options]));
  return message.fields.flatMap((field) => {
    if (field.oneof === undefined) return fieldStatement(field, message.messages);
    const members = membersOf.get(field.oneof) ?? [];
    if (members[0] !== field) return [];
    const options = optionsOf.get(field.oneof) ?? [];
    return block(`oneof ${field.oneof}`, [
      ...options.map(optionStatement),
      ...members.flatMap((each) => fieldStatement(each, message.messages)),
    ]);
  });
}

function fieldStatement(field: ProtoField, messages: readonly ProtoMessage[]): Lines {
  const label = field.label === undefined ? '' : `${field.label} `;
  const options =
    field.options.length === 0
      ? ''
      : ` [${field.options.map(({ name, value }) => `${name} = ${printOptionValue(value)}`).join(', ')}]`;
  if (field.isGroup) {
    const group = messages.find((message) => isGroupOf([field], message));
    if (group !== undefined) {
      return block(`${label}group ${group.name} = ${field.number}${options}`, messageBody(group));
    }
  }
  return [`${label}${typeText(field.type)} ${field.name} = ${field.number}${options};`];
}

function typeText(type: ProtoType): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'named':
      return type.name;
    case 'map':
      return `map<${type.key}, ${typeText(type.value)}>`;
  }
}

/** Whether the message is the body of a group among the fields. */
function isGroupOf(fields: readonly ProtoField[], message: ProtoMessage): boolean {
  return fields.some(
    (field) =>
      field.isGroup &&
      field.type.kind === 'named' &&
      field.type.name.split('.').at(-1) === message.name &&
      field.name === message.name.toLowerCase(),
  );
}

function printExtends(
  extensions: readonly ProtoField[],
  messages: readonly ProtoMessage[],
): readonly Lines[] {
  return [...groupBy(extensions, (extension) => extension.extendee ?? '')].map(([extendee, fields]) =>
    block(
      `extend ${extendee}`,
      fields.flatMap((field) => fieldStatement(field, messages)),
    ),
  );
}

function groupBy(
  fields: readonly ProtoField[],
  keyOf: (field: ProtoField) => string,
): ReadonlyMap<string, readonly ProtoField[]> {
  const groups = new Map<string, ProtoField[]>();
  for (const field of fields) {
    const group = groups.get(keyOf(field));
    if (group === undefined) groups.set(keyOf(field), [field]);
    else group.push(field);
  }
  return groups;
}

function printEnum(definition: ProtoEnum): Lines {
  return block(`enum ${definition.name}`, [
    ...definition.options.map(optionStatement),
    ...reservedStatements(definition, maxEnumNumber),
    ...definition.values.map((value) => {
      const options = value.options.map(({ name, value: of }) => `${name} = ${printOptionValue(of)}`);
      return `${value.name} = ${value.number}${options.length === 0 ? '' : ` [${options.join(', ')}]`};`;
    }),
  ]);
}

function printService(service: ProtoService): Lines {
  return block(`service ${service.name}`, [
    ...service.options.map(optionStatement),
    ...service.methods.flatMap((method) => {
      const request = `${method.clientStreaming ? 'stream ' : ''}${method.request}`;
      const response = `${method.serverStreaming ? 'stream ' : ''}${method.response}`;
      const head = `rpc ${method.name}(${request}) returns (${response})`;
      return method.options.length === 0 ? [`${head};`] : block(head, method.options.map(optionStatement));
    }),
  ]);
}

function reservedStatements(
  piece: { readonly reservedRanges: readonly NumberRange[]; readonly reservedNames: readonly string[] },
  greatest: number,
): Lines {
  const names = piece.reservedNames.map((name) => `reserved ${quote(name)};`);
  return [...rangeStatements('reserved', piece.reservedRanges, greatest), ...names];
}

function rangeStatements(keyword: string, ranges: readonly NumberRange[], greatest: number): Lines {
  return ranges.map(({ first, last }) => {
    if (first === last) return `${keyword} ${first};`;
    return `${keyword} ${first} to ${last === greatest ? 'max' : last};`;
  });
}

function optionStatement({ name, value }: ProtoOption): string {
  return `option ${name} = ${printOptionValue(value)};`;
}

function block(head: string, body: Lines): Lines {
  return body.length === 0 ? [`${head} {}`] : [`${head} {`, ...body.map((line) => `  ${line}`), '}'];
}

const marks: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

function quote(text: string): string {
  const escaped = text.replaceAll(/["\\\p{Cc}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return marks[character] ?? `\\${code.toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}
