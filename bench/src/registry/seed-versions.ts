import { schemaTextOf, subjectName } from './customer-schemas.ts';
import { openConnection, requestBytes } from './http-connection.ts';
import type { RegistryProcess } from './registry-process.ts';

/** A published version as the readers of the bench ask for it. */
export interface SeededVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
}

/**
 * Publishes so many versions of so many subjects over REST, as everybody does, from a few clients at once, and reads each back
 * by its id: a registry that has been up for a while has been asked for all of them.
 */
export async function seedVersions(
  { url, headers }: RegistryProcess,
  {
    subjects,
    versions,
    clients,
  }: { readonly subjects: number; readonly versions: number; readonly clients: number },
): Promise<readonly SeededVersion[]> {
  const seeded: SeededVersion[] = [];
  const client = async (first: number): Promise<void> => {
    const connection = await openConnection(url);
    for (let subject = first; subject < subjects; subject += clients) {
      for (let version = 1; version <= versions; version++) {
        const name = subjectName(subject);
        const { status, body } = await connection.ask(publishRequest(url, headers, subject, version));
        if (status !== 201) throw new Error(`${name} ${version} was answered ${status}: ${body.toString()}`);
        const { id }: { id: number } = JSON.parse(body.toString());
        const read = await connection.ask(requestBytes('GET', new URL(`/schemas/ids/${id}`, url), headers));
        if (read.status !== 200) throw new Error(`the id ${id} was answered ${read.status}`);
        seeded.push({ subject: name, version, id });
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return seeded;
}

/** The request that publishes a version of the nth subject. */
export function publishRequest(
  url: URL,
  headers: Readonly<Record<string, string>>,
  subject: number,
  version: number,
): Buffer {
  return requestBytes('POST', new URL(`/schemas/${encodeURIComponent(subjectName(subject))}`, url), headers, {
    schema: schemaTextOf(subject, version),
    schemaType: 'AVRO',
  });
}
