import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = ['gateway/src', 'packages/platform/src', ...services().map((name) => `subgraphs/${name}/src`)];

interface Metric {
  readonly name: string;
  readonly kind: string;
  readonly labels: string;
}

test('docs/observability.md lists every metric that a service registers, with its kind and labels, and no other', () => {
  const registered = rooms.flatMap(metricsIn).sort(byName);
  expect(registered.length).toBeGreaterThan(30);
  expect(documented()).toEqual(registered);
});

test('the example dashboard asks for metrics that exist', () => {
  const names = new Set(documented().map(({ name }) => name));
  const dashboard = readFileSync(
    join(root, 'deploy/grafana/provisioning/dashboards/data-spine.json'),
    'utf8',
  );
  const asked = new Set(
    [...dashboard.matchAll(/spine_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, '')),
  );
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !names.has(name))).toEqual([]);
});

function services(): readonly string[] {
  return readdirSync(join(root, 'subgraphs'));
}

/** Metrics are registered in one form only: `metrics.kind({ name, help, labels })`, all literal. */
function metricsIn(room: string): readonly Metric[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('create-metrics'))
    .flatMap((file) => {
      const text = readFileSync(join(root, room, file), 'utf8');
      const calls = text.matchAll(/metrics\s*\.(counter|gauge|histogram)\(\{([\s\S]*?)\}\)/g);
      return [...calls].map(([, kind = '', body = '']) => {
        const name = /name: '(\w+)'/.exec(body)?.[1];
        const labels = /labels: \[([^\]]*)\]/.exec(body)?.[1] ?? '';
        return { name: `spine_${name}`, kind, labels: labels.replaceAll("'", '') };
      });
    });
}

function documented(): readonly Metric[] {
  const page = readFileSync(join(root, 'docs/observability.md'), 'utf8');
  const rows = page.matchAll(/^\| `(spine_\w+)` +\| (\w+) +\| ([^|]*?) *\| .+ \|$/gm);
  return [...rows].map(([, name = '', kind = '', labels = '']) => ({ name, kind, labels })).sort(byName);
}

function byName(a: Metric, b: Metric): number {
  return a.name < b.name ? -1 : 1;
}
