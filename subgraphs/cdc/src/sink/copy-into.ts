import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * Runs a COPY ... FROM STDIN with the bytes of `chunks`; answers the rows that the server counted. When the source of the bytes
 * fails the copy is taken back at the server before the error rises, so that the connection can be used again.
 */
export async function copyInto(
  client: pg.Client,
  statement: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<number> {
  const copy = client.query(copyFrom(statement, { highWaterMark: 256 * 1024 }));
  let refusal: Error | null = null;
  const refused = new Promise<never>((_, reject) => {
    copy.once('error', (error) => {
      refusal = error;
      reject(error);
    });
  });
  // It is awaited only where the copy waits.
  refused.catch(() => undefined);
  try {
    for await (const chunk of chunks) {
      if (refusal !== null) throw refusal;
      if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), refused]);
    }
    copy.end();
    await Promise.race([once(copy, 'finish'), refused]);
    return copy.rowCount;
  } catch (error) {
    if (refusal === null) {
      const closed = once(copy, 'close').catch(() => undefined);
      copy.destroy(new Error('the rows did not arrive'));
      await closed;
    }
    throw error;
  }
}
