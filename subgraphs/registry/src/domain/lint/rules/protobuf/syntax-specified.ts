import type { ProtobufRule } from '../../lint-rule.ts';

const leadingComments = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/;

export const syntaxSpecified: ProtobufRule = {
  id: 'SYNTAX_SPECIFIED',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The file says in which syntax or edition it is written.',
  check: ({ file }, text) => {
    const start = leadingComments.exec(text)?.[0].length ?? 0;
    const rest = text.slice(start);
    // A descriptor is no text, and always knows its syntax.
    if (file.syntax !== 'proto2' || !/[;{]/.test(rest) || /^syntax\s*=/.test(rest)) return [];
    const edit = { kind: 'REPLACE', start, end: start, text: 'syntax = "proto2";\n\n' } as const;
    return [
      {
        path: '',
        message: 'the file names no syntax, and is read as proto2',
        fix: { summary: 'say that the file is proto2, as it is', edits: [edit] },
      },
    ];
  },
};
