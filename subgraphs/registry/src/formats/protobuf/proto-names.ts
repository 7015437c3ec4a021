import { Problem } from '@spine/kernel/problem';
import type { ProtoEnum, ProtoFile, ProtoMessage } from '../../domain/protobuf/proto-file.ts';
import { invalidProto } from './invalid-proto.ts';

type SymbolKind = 'package' | 'message' | 'enum' | 'service' | 'other';

interface ProtoSymbol {
  readonly kind: SymbolKind;
  /** Import path of the file that defines it. */
  readonly path: string;
  /** Only for a package: the other files that are in it. */
  readonly others?: Set<string>;
}

/** Every name that files define, in one space: messages, enums, their values, fields, services, packages. */
export interface ProtoNames {
  readonly define: (path: string, file: ProtoFile) => void;
  /**
   * The full name that a type name stands for, seen from a scope, by the rule of the compiler: the innermost scope that
   * knows the first word decides. Undefined if no visible file defines it.
   */
  readonly resolve: (name: string, scope: string, visible: ReadonlySet<string>) => string | undefined;
}

const maxNameLength = 1_000;
/** Characters of names, defined and looked up: far more than any real schema has, well under a second. */
const maxWork = 50_000_000;

export function createProtoNames(): ProtoNames {
  const symbols = new Map<string, ProtoSymbol>();
  let work = 0;

  /** Looking a name up takes as long as the name is, and short texts can make long ones. */
  function spend(name: string): void {
    work += name.length;
    if (name.length <= maxNameLength && work <= maxWork) return;
    throw new Problem('SCHEMA_TOO_COMPLEX', 'the full names of the schema are too long, or too many', {
      fix: 'use shorter names, or split the schema',
    });
  }

  function add(path: string, name: string, kind: SymbolKind, line: number | undefined): void {
    spend(name);
    const known = symbols.get(name);
    if (known === undefined) {
      symbols.set(name, kind === 'package' ? { kind, path, others: new Set() } : { kind, path });
    } else if (kind === 'package' && known.others !== undefined) known.others.add(path);
    else throw invalidProto(`${name} is defined twice${path === '' ? '' : `, here in ${path}`}`, { line });
  }

  function defineMessage(path: string, scope: string, message: ProtoMessage): void {
    const name = join(scope, message.name);
    add(path, name, 'message', message.line);
    for (const field of message.fields) add(path, join(name, field.name), 'other', field.line);
    for (const oneof of message.oneofs) add(path, join(name, oneof.name), 'other', oneof.line);
    for (const extension of message.extensions)
      add(path, join(name, extension.name), 'other', extension.line);
    for (const each of message.enums) defineEnum(path, name, each);
    for (const each of message.messages) defineMessage(path, name, each);
  }

  function defineEnum(path: string, scope: string, definition: ProtoEnum): void {
    add(path, join(scope, definition.name), 'enum', definition.line);
    // The values of an enum lie beside it, as in C++.
    for (const value of definition.values) add(path, join(scope, value.name), 'other', value.line);
  }

  function define(path: string, file: ProtoFile): void {
    const words = file.package === '' ? [] : file.package.split('.');
    for (let count = 1; count <= words.length; count += 1) {
      add(path, words.slice(0, count).join('.'), 'package', undefined);
    }
    for (const message of file.messages) defineMessage(path, file.package, message);
    for (const each of file.enums) defineEnum(path, file.package, each);
    for (const extension of file.extensions) {
      add(path, join(file.package, extension.name), 'other', extension.line);
    }
    for (const service of file.services) {
      const name = join(file.package, service.name);
      add(path, name, 'service', service.line);
      for (const method of service.methods) add(path, join(name, method.name), 'other', method.line);
    }
  }

  function find(name: string, visible: ReadonlySet<string>): SymbolKind | undefined {
    spend(name);
    const symbol = symbols.get(name);
    if (symbol === undefined) return undefined;
    if (visible.has(symbol.path)) return symbol.kind;
    for (const path of symbol.others ?? []) if (visible.has(path)) return symbol.kind;
    return undefined;
  }

  function resolve(name: string, scope: string, visible: ReadonlySet<string>): string | undefined {
    if (name.startsWith('.')) return asType(name.slice(1), visible);
    const dot = name.indexOf('.');
    const first = dot === -1 ? name : name.slice(0, dot);
    for (let around = scope; ; around = outside(around)) {
      const kind = find(join(around, first), visible);
      if (dot === -1 ? kind === 'message' || kind === 'enum' : kind !== undefined && kind !== 'other') {
        return asType(join(around, name), visible);
      }
      if (around === '') return undefined;
    }
  }

  function asType(name: string, visible: ReadonlySet<string>): string | undefined {
    const kind = find(name, visible);
    return kind === 'message' || kind === 'enum' ? name : undefined;
  }

  return { define, resolve };
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

function outside(scope: string): string {
  const dot = scope.lastIndexOf('.');
  return dot === -1 ? '' : scope.slice(0, dot);
}
