import { existsSync, writeFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';

export interface InitOptions {
  readonly file: string;
  readonly region: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `spine init URL`: looks at a Postgres and writes a spine.yaml for it, to be read and confirmed. Answers the exit code. */
export async function init(url: string, options: InitOptions): Promise<number> {
  if (existsSync(options.file) && options.force !== true) {
    throw new Problem('INPUT_INVALID', `${options.file} is there already`, {
      fix: 'Name another with -f FILE, or overwrite it with --force.',
    });
  }
  const schemas = await userSchemas(url);
  const text = specText(schemas, options.region);
  writeFileSync(options.file, text);
  if (options.json) terminal.json({ file: options.file, schemas, region: options.region });
  else {
    terminal.line(
      `wrote ${options.file}: tables of ${schemas.join(', ')}, all confidential, one same-region rule to confirm`,
    );
    terminal.line('next:');
    terminal.line(`  export SOURCE_URL='<the URL you just gave>'`);
    terminal.line(`  spine doctor -f ${options.file}`);
    terminal.line(`  spine up -f ${options.file}`);
  }
  return exitCodes.good;
}

/** The file: the URL itself never enters it. The sink is a database of the embedded Postgres until another is named. */
export function specText(schemas: readonly string[], region: string): string {
  const patterns = schemas.map((schema) => `${schema}.*`).join(', ');
  const classes = schemas
    .map((schema) => `  - { dataset: source.${schema}.*, class: confidential }`)
    .join('\n');
  return `# Written by \`spine init\`. Secrets stand only as env:NAME.
apiVersion: spine/v1
sources:
  - { name: source, type: postgres, url: env:SOURCE_URL, region: ${region}, owner: data-platform, tables: [${patterns}] }
sinks:
  # A database of the embedded Postgres; give your own as url: env:SINK_URL and name its region.
  - { name: sink, type: postgres, url: embedded:sink, region: ${region}, owner: analytics, purpose: analytics, retention: P365D, iam: sink_writer }
routes:
  - { name: source-to-sink, source: source, sink: sink, tables: [${patterns}], owner: data-platform }
classification: # everything is confidential until you say otherwise; tag personal data: fields: { email: [pii] }
${classes}
residency:
  rules:
    # Confirm: data of the source may go to a sink in the same region.
    - { id: same-region, effect: allow, match: { class: [confidential], from: [${region}], to: [${region}] }, rationale: stays in its region }
`;
}

async function userSchemas(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select distinct n.nspname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|_spine$)'
       order by 1`,
    );
    return rows.length === 0 ? ['public'] : rows.map((row) => row.name);
  } catch (error) {
    throw new Problem('SOURCE_UNREACHABLE', 'the database cannot be reached', {
      fix: 'Check the URL: postgres://user:password@host:port/database; the server must run and let this machine in.',
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
