import type { Socket } from 'node:net';
import { Problem } from '@spine/kernel/problem';
import { problemMediaType, toProblemDocument } from './problem-document.ts';

/** Answers what never became a request, broken HTTP or too much of a header, with a problem too, and hangs up. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, problem] = refusalOf(error.code);
  const body = JSON.stringify({ ...toProblemDocument(problem), status: status.code });
  socket.end(
    [
      `HTTP/1.1 ${status.code} ${status.text}`,
      `content-type: ${problemMediaType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function refusalOf(code: string | undefined): [{ code: number; text: string }, Problem] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [
        { code: 431, text: 'Request Header Fields Too Large' },
        new Problem('INPUT_INVALID', 'the headers are larger than accepted', {
          fix: 'Send smaller headers.',
        }),
      ];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [
        { code: 408, text: 'Request Timeout' },
        new Problem('INPUT_INVALID', 'the request did not arrive in time', { fix: 'Send it faster.' }),
      ];
    default:
      return [
        { code: 400, text: 'Bad Request' },
        new Problem('INPUT_INVALID', 'this is not an HTTP request', { fix: 'Speak HTTP/1.1 to this port.' }),
      ];
  }
}
