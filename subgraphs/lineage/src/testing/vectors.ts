import { existsSync, readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../../../shared/vectors/lineage/', import.meta.url);

/** Whether the vectors of public projects lie beside the project; where not, it says what is skipped. */
export function hasVectors(): boolean {
  if (existsSync(root)) return true;
  process.stderr.write('skipped: ../shared/vectors/lineage is absent\n');
  return false;
}

/** A JSON file of the vectors. */
export function readVector(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'));
}

/** The 32 captured events of Airflow, in order. */
export function airflowEvents(): readonly unknown[] {
  const folder = 'compat-consumer-scenarios/airflow/events/';
  return readdirSync(new URL(folder, root))
    .toSorted()
    .map((file) => readVector(`${folder}${file}`));
}

/** Every official instance of a facet: where it is from, its key and its content. */
export function facetInstances(): readonly { readonly file: string; readonly facets: unknown }[] {
  const folder = 'openlineage-spec-tests/';
  return readdirSync(new URL(folder, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(new URL(`${folder}${name}/`, root)).map((file) => ({
        file: `${name}/${file}`,
        facets: readVector(`${folder}${name}/${file}`),
      })),
    );
}

/** The dataset to dataset links that Google Dataplex derives from the Airflow events, by its names. */
export function dataplexLinks(): readonly { readonly from: string; readonly to: string }[] {
  const links = readVector('compat-consumer-expected-dataplex/airflow/validation/links/links.json');
  if (!Array.isArray(links)) throw new TypeError('links.json is not a list');
  return links.map((link) => ({
    from: String(link.source.fully_qualified_name),
    to: String(link.target.fully_qualified_name),
  }));
}

/** A dataset by the name that Dataplex gives it. */
export function dataplexName({ namespace, name }: { namespace: string; name: string }): string {
  if (namespace.startsWith('gs://')) return `gcs:${namespace.slice('gs://'.length)}.\`${name}\``;
  if (namespace === 'file') return `filesystem:localhost.\`${name.replace(/^\//, '')}\``;
  return `${namespace}:${name}`;
}
