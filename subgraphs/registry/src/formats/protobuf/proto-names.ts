import { Problem } from '@spine/kernel/problem';
import type { ProtoEnum, ProtoFile, ProtoMessage } from '../../domain/protobuf/proto-file.ts';
import { invalidProto } from './invalid-proto.ts';

type SymbolKind = 'package' | 'message' | 'enum' | 'service' | 'other';

interface Named {
  readonly name: string;
  readonly line?: number;
}

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

  /** Answers the full name. */
  function add(path: string, scope: string, { name, line }: Named, kind: SymbolKind): string {
    // What a descriptor calls a name may be anything.
    if (!/^[A-Za-z_]\w*$/.test(name)) throw invalidProto(`${JSON.stringify(name)} is no name`, { line });
    const fullName = join(scope, name);
    spend(fullName);
    const known = symbols.get(fullName);
    if (known === undefined) {
      symbols.set(fullName, kind === 'package' ? { kind, path, others: new Set() } : { kind, path });
    } else if (kind === 'package' && known.others !== undefined) known.others.add(path);
    else
      throw invalidProto(`${fullName} is defined twice${path === '' ? '' : `, here in ${path}`}`, { line });
    return fullName;
  }

  function defineMessage(path: string, scope: string, message: ProtoMessage): void {
    const name = add(path, scope, message, 'message');
    for (const each of message.fields) add(path, name, each, 'other');
    for (const each of message.oneofs) add(path, name, each, 'other');
    for (const each of message.extensions) add(path, name, each, 'other');
    for (const each of message.enums) defineEnum(path, name, each);
    for (const each of message.messages) defineMessage(path, name, each);
  }

  function defineEnum(path: string, scope: string, definition: ProtoEnum): void {
    add(path, scope, definition, 'enum');
    // The values of an enum lie beside it, as in C++.
    for (const value of definition.values) add(path, scope, value, 'other');
  }

  function define(path: string, file: ProtoFile): void {
    let scope = '';
    if (file.package !== '') {
      for (const name of file.package.split('.')) scope = add(path, scope, { name }, 'package');
    }
    for (const message of file.messages) defineMessage(path, scope, message);
    for (const each of file.enums) defineEnum(path, scope, each);
    for (const extension of file.extensions) add(path, scope, extension, 'other');
    for (const service of file.services) {
      const name = add(path, scope, service, 'service');
      for (const method of service.methods) add(path, name, method, 'other');
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
