import { nearest } from '@spine/kernel/nearest';
import { createRegionTable } from '@spine/kernel/region';
import type { SpineSpec } from './spine-spec.ts';

/** A name that points nowhere, twice at the same, or at the wrong thing. */
export interface NameFault {
  readonly at: readonly PropertyKey[];
  readonly code: 'UNKNOWN_REGION' | 'CONFIG_INVALID';
  readonly message: string;
}

/** Checks what the shape cannot: unique names, routes that join a source and a sink, regions that exist. */
export function checkNames(spec: SpineSpec): readonly NameFault[] {
  return [
    ...unique(spec.sources, 'sources'),
    ...unique(spec.sinks, 'sinks'),
    ...unique(spec.routes, 'routes'),
    ...spec.routes.flatMap((route, index) => [
      ...known(route.source, spec.sources, ['routes', index, 'source'], 'source'),
      ...known(route.sink, spec.sinks, ['routes', index, 'sink'], 'sink'),
    ]),
    ...regions(spec),
    ...enforcement(spec),
    ...spec.classification.flatMap((entry, index) => classified(entry.dataset, spec, index)),
    ...ruleIds(spec),
    ...obligationKey(spec),
    ...treatments(spec),
  ];
}

function unique(items: readonly { readonly name: string }[], key: string): NameFault[] {
  return items.flatMap((item, index) =>
    items.findIndex((other) => other.name === item.name) === index
      ? []
      : [{ at: [key, index, 'name'], code: 'CONFIG_INVALID', message: `'${item.name}' stands twice` }],
  );
}

function known(
  name: string,
  items: readonly { readonly name: string }[],
  at: readonly PropertyKey[],
  what: string,
): NameFault[] {
  const names = items.map((item) => item.name);
  if (names.includes(name)) return [];
  const hint = nearest(name, names);
  return [
    {
      at,
      code: 'CONFIG_INVALID',
      message: `no ${what} is named '${name}'${hint === undefined ? `; known: ${names.join(', ')}` : `; did you mean '${hint}'?`}`,
    },
  ];
}

function regions(spec: SpineSpec): NameFault[] {
  const table = createRegionTable(spec.regions);
  const places = [
    ...spec.sources.map((source, index) => ({ region: source.region, at: ['sources', index, 'region'] })),
    ...spec.sinks.map((sink, index) => ({ region: sink.region, at: ['sinks', index, 'region'] })),
  ];
  return places.flatMap(({ region, at }) => {
    if (table.find(region) !== undefined) return [];
    const hint = nearest(region, table.names());
    return [
      {
        at,
        code: 'UNKNOWN_REGION' as const,
        message: `unknown region '${region}'${hint === undefined ? '' : `; did you mean '${hint}'?`} (add your own under 'regions:')`,
      },
    ];
  });
}

/** Scanning has no right to cut anything off: who wants that gives it a way of its own. */
function enforcement(spec: SpineSpec): NameFault[] {
  return (['sources', 'sinks'] as const).flatMap((key) =>
    spec[key].flatMap(({ name, quarantine, adminUrl }, index) =>
      quarantine !== 'enforce' || adminUrl !== undefined
        ? []
        : [
            {
              at: [key, index, 'quarantine'],
              code: 'CONFIG_INVALID' as const,
              message: `'${name}' enforces quarantine without an adminUrl (env:NAME of a login that may do so)`,
            },
          ],
    ),
  );
}

function classified(dataset: string, spec: SpineSpec, index: number): NameFault[] {
  const [source = ''] = dataset.split('.');
  return source.includes('*')
    ? []
    : known(source, spec.sources, ['classification', index, 'dataset'], 'source');
}

function ruleIds(spec: SpineSpec): NameFault[] {
  const ids = spec.residency.rules.map((rule) => rule.id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            at: ['residency', 'rules', index, 'id'],
            code: 'CONFIG_INVALID',
            message: `'${id}' stands twice`,
          },
        ],
  );
}

function obligationKey(spec: SpineSpec): NameFault[] {
  if (spec.obligationKey?.startsWith('embedded:')) {
    return [{ at: ['obligationKey'], code: 'CONFIG_INVALID', message: 'a key is given as env:NAME' }];
  }
  return [];
}

/** `keep` and `to` belong to one type each. */
function treatments(spec: SpineSpec): NameFault[] {
  return spec.residency.rules.flatMap((rule, index) =>
    (rule.obligations ?? []).flatMap(({ type, keep, to }, place) => {
      const fault = (key: 'keep' | 'to', message: string): NameFault => ({
        at: ['residency', 'rules', index, 'obligations', place, key],
        code: 'CONFIG_INVALID',
        message,
      });
      const faults: NameFault[] = [];
      if (keep !== undefined && type !== 'tokenise') {
        faults.push(fault('keep', `only tokenise can keep a format, not ${type}`));
      }
      if (to !== undefined && type !== 'truncate') {
        faults.push(fault('to', `only truncate has a length, not ${type}`));
      }
      if (to === undefined && type === 'truncate') {
        faults.push(fault('to', 'truncate needs to know how many characters are left'));
      }
      return faults;
    }),
  );
}
