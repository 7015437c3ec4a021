import { dataClasses } from '../data-class.ts';
import { compileGlob } from '../dataset-glob.ts';
import { createRegionTable, type ExtraRegion } from '../region.ts';
import { isCountry, isJurisdictionGroup } from '../region-jurisdictions.ts';
import { createDocumentReader, type DocumentReader } from './document-reader.ts';
import {
  type Classification,
  type Match,
  obligationTypes,
  type PolicyDocument,
  type PolicyException,
  type PolicySink,
  type PolicySource,
  type Rule,
  type RuleObligation,
} from './policy-document.ts';

/** Longest life of an exception. */
const maxExceptionMs = 30 * 24 * 60 * 60 * 1000;
/** That `truncate` may leave. */
const mostCharacters = 1_000_000;

/**
 * Parses a matrix document. Throws INPUT_INVALID naming every fault at once: a word of `from` or `to` that means no place
 * is one of them, for a denial that never matches would be an allowance.
 */
export function parsePolicyDocument(value: unknown): PolicyDocument {
  const reader = createDocumentReader();
  const root = reader.object(value, '', ['regions', 'sources', 'sinks', 'classification', 'residency']);
  const regions = reader.list(root['regions'] ?? [], '/regions', (item, path) =>
    readRegion(reader, item, path),
  );
  const regionNames = new Set(createRegionTable(regions).names());
  const residency = reader.object(root['residency'] ?? {}, '/residency', ['rules', 'exceptions']);
  const isPlace = (word: string): boolean =>
    isJurisdictionGroup(word) || isCountry(word) || regionNames.has(word);
  const document: PolicyDocument = {
    regions,
    sources: reader.list(root['sources'] ?? [], '/sources', (item, path) => readSource(reader, item, path)),
    sinks: reader.list(root['sinks'] ?? [], '/sinks', (item, path) => readSink(reader, item, path)),
    classification: reader.list(root['classification'] ?? [], '/classification', (item, path) =>
      readClassification(reader, item, path),
    ),
    residency: {
      rules: reader.list(residency['rules'] ?? [], '/residency/rules', (item, path) =>
        readRule(reader, item, path, isPlace),
      ),
      exceptions: reader.list(residency['exceptions'] ?? [], '/residency/exceptions', (item, path) =>
        readException(reader, item, path, isPlace),
      ),
    },
  };
  unique(reader, document.sources, '/sources', (source) => source.name);
  unique(reader, document.sinks, '/sinks', (sink) => sink.name);
  unique(reader, document.classification, '/classification', (entry) => entry.dataset);
  const { rules, exceptions } = document.residency;
  unique(reader, [...rules, ...exceptions], '/residency', (entry) => entry.id);
  reader.finish('the policy document');
  return document;
}

function readRegion(reader: DocumentReader, value: unknown, path: string): ExtraRegion {
  const item = reader.object(value, path, ['name', 'country']);
  const region = {
    name: reader.text(item['name'], `${path}/name`),
    country: reader.text(item['country'], `${path}/country`),
  };
  if (!isCountry(region.country)) reader.fault(`${path}/country`, 'not an ISO 3166-1 country code');
  const known = createRegionTable().find(region.name);
  if (known !== undefined && known.country !== region.country) {
    reader.fault(path, `${region.name} is a region of ${known.provider} in ${known.country}`);
  }
  if (isCountry(region.name) || isJurisdictionGroup(region.name)) {
    reader.fault(`${path}/name`, `${region.name} already names a jurisdiction`);
  }
  return region;
}

function readSource(reader: DocumentReader, value: unknown, path: string): PolicySource {
  const keys = ['name', 'region', 'namespace', 'database', 'owner'] as const;
  const item = reader.object(value, path, keys);
  const text = (key: (typeof keys)[number]) => reader.text(item[key], `${path}/${key}`);
  return {
    name: text('name'),
    region: text('region'),
    // Not known before a place was first applied; then no dataset is found there, which a plan may bear.
    namespace: reader.anyText(item['namespace'], `${path}/namespace`),
    database: reader.anyText(item['database'], `${path}/database`),
    owner: text('owner'),
  };
}

function readSink(reader: DocumentReader, value: unknown, path: string): PolicySink {
  const keys = [
    'name',
    'type',
    'region',
    'namespace',
    'database',
    'owner',
    'purpose',
    'retention',
    'iam',
  ] as const;
  const item = reader.object(value, path, keys);
  const text = (key: (typeof keys)[number]) => reader.text(item[key], `${path}/${key}`);
  return {
    name: text('name'),
    type: text('type'),
    region: text('region'),
    namespace: reader.anyText(item['namespace'], `${path}/namespace`),
    ...(item['database'] !== undefined && {
      database: reader.anyText(item['database'], `${path}/database`),
    }),
    owner: text('owner'),
    purpose: text('purpose'),
    retention: text('retention'),
    iam: text('iam'),
  };
}

function readClassification(reader: DocumentReader, value: unknown, path: string): Classification {
  const item = reader.object(value, path, ['dataset', 'class', 'fields', 'retention']);
  const fields = item['fields'];
  return {
    dataset: readGlob(reader, item['dataset'], `${path}/dataset`),
    class: reader.oneOf(item['class'], `${path}/class`, dataClasses),
    ...(fields !== undefined && {
      fields: Object.fromEntries(
        Object.entries(reader.object(fields, `${path}/fields`, Object.keys(Object(fields)))).map(
          ([field, tags]) => [field, reader.texts(tags, `${path}/fields/${field}`)],
        ),
      ),
    }),
    ...(item['retention'] !== undefined && {
      retention: reader.text(item['retention'], `${path}/retention`),
    }),
  };
}

function readRule(
  reader: DocumentReader,
  value: unknown,
  path: string,
  isPlace: (word: string) => boolean,
): Rule {
  const item = reader.object(value, path, ['id', 'effect', 'priority', 'match', 'obligations', 'rationale']);
  const priority = item['priority'];
  if (priority !== undefined && !Number.isSafeInteger(priority)) {
    reader.fault(`${path}/priority`, 'expected a whole number');
  }
  const effect = reader.oneOf(item['effect'], `${path}/effect`, ['allow', 'deny']);
  if (effect === 'deny' && item['obligations'] !== undefined) {
    reader.fault(`${path}/obligations`, 'a denial has no obligations');
  }
  return {
    id: reader.text(item['id'], `${path}/id`),
    effect,
    ...(typeof priority === 'number' && { priority }),
    match: readMatch(reader, item['match'] ?? {}, `${path}/match`, isPlace),
    ...(item['obligations'] !== undefined && {
      obligations: readObligations(reader, item['obligations'], `${path}/obligations`),
    }),
    rationale: reader.text(item['rationale'], `${path}/rationale`),
  };
}

function readException(
  reader: DocumentReader,
  value: unknown,
  path: string,
  isPlace: (word: string) => boolean,
): PolicyException {
  const item = reader.object(value, path, [
    'id',
    'match',
    'lifts',
    'obligations',
    'reason',
    'notBefore',
    'expiresAt',
    'approvals',
  ]);
  const exception: PolicyException = {
    id: reader.text(item['id'], `${path}/id`),
    match: readMatch(reader, item['match'] ?? {}, `${path}/match`, isPlace),
    ...(item['lifts'] !== undefined && { lifts: reader.texts(item['lifts'], `${path}/lifts`) }),
    ...(item['obligations'] !== undefined && {
      obligations: readObligations(reader, item['obligations'], `${path}/obligations`),
    }),
    reason: reader.text(item['reason'], `${path}/reason`),
    notBefore: reader.text(item['notBefore'], `${path}/notBefore`),
    expiresAt: reader.text(item['expiresAt'], `${path}/expiresAt`),
    approvals: reader.list(item['approvals'] ?? [], `${path}/approvals`, (approval, at) => {
      const given = reader.object(approval, at, ['role', 'subject', 'at']);
      return {
        role: reader.text(given['role'], `${at}/role`),
        subject: reader.text(given['subject'], `${at}/subject`),
        at: reader.text(given['at'], `${at}/at`),
      };
    }),
  };
  const life = Date.parse(exception.expiresAt) - Date.parse(exception.notBefore);
  if (!(life > 0 && life <= maxExceptionMs)) {
    reader.fault(`${path}/expiresAt`, 'an exception is time-bound: at most 30 days after notBefore');
  }
  const roles = new Set(exception.approvals.map((approval) => approval.role));
  if (roles.size < 2 || !roles.has('security')) {
    reader.fault(`${path}/approvals`, 'an exception needs two roles, security among them');
  }
  return exception;
}

function readMatch(
  reader: DocumentReader,
  value: unknown,
  path: string,
  isPlace: (word: string) => boolean,
): Match {
  const item = reader.object(value, path, ['dataset', 'class', 'from', 'to', 'purpose', 'sink']);
  const places = (key: 'from' | 'to') => ({
    [key]: reader.list(item[key], `${path}/${key}`, (word, at) => {
      const place = reader.text(word, at);
      if (place !== '' && !isPlace(place)) {
        reader.fault(at, `'${place}' is no jurisdiction, country or region`);
      }
      return place;
    }),
  });
  return {
    ...(item['dataset'] !== undefined && {
      dataset: reader.list(item['dataset'], `${path}/dataset`, (glob, at) => readGlob(reader, glob, at)),
    }),
    ...(item['class'] !== undefined && {
      class: reader.list(item['class'], `${path}/class`, (word, at) => reader.oneOf(word, at, dataClasses)),
    }),
    ...(item['from'] !== undefined && places('from')),
    ...(item['to'] !== undefined && places('to')),
    ...(item['purpose'] !== undefined && { purpose: reader.texts(item['purpose'], `${path}/purpose`) }),
    ...(item['sink'] !== undefined && { sink: reader.texts(item['sink'], `${path}/sink`) }),
  };
}

function readObligations(reader: DocumentReader, value: unknown, path: string): readonly RuleObligation[] {
  return reader.list(value, path, (obligation, at) => {
    const item = reader.object(obligation, at, ['type', 'fields', 'keep', 'to']);
    const type = reader.oneOf(item['type'], `${at}/type`, obligationTypes);
    if (item['keep'] !== undefined && type !== 'tokenise') {
      reader.fault(`${at}/keep`, 'only tokenise can keep a format');
    }
    const to = item['to'];
    const length =
      typeof to === 'number' && Number.isSafeInteger(to) && to > 0 && to <= mostCharacters ? to : undefined;
    if (type === 'truncate' && length === undefined) {
      reader.fault(`${at}/to`, `truncate needs a number of characters, 1 to ${mostCharacters}`);
    }
    if (type !== 'truncate' && to !== undefined) reader.fault(`${at}/to`, 'only truncate has a length');
    return {
      type,
      fields: reader.texts(item['fields'], `${at}/fields`),
      ...(item['keep'] !== undefined && { keep: reader.oneOf(item['keep'], `${at}/keep`, ['format']) }),
      ...(length !== undefined && { to: length }),
    };
  });
}

function readGlob(reader: DocumentReader, value: unknown, path: string): string {
  const pattern = reader.text(value, path);
  if (pattern !== '' && compileGlob(pattern) === undefined) {
    reader.fault(path, 'expected source.schema.table; * stands for any run of characters');
  }
  return pattern;
}

function unique<T>(
  reader: DocumentReader,
  items: readonly T[],
  path: string,
  keyOf: (item: T) => string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== '' && seen.has(key)) reader.fault(path, `'${key}' stands twice`);
    seen.add(key);
  }
}
