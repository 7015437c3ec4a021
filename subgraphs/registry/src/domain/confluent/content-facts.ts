import type { JsonObject } from '../schema-source.ts';
import type { ConfluentConfig } from './confluent-config.ts';

/** Facts and rules that Kafka clients keep with a schema and count as part of it. */
export interface ContentFacts {
  readonly metadata: JsonObject | undefined;
  readonly ruleSet: JsonObject | undefined;
}

/**
 * What a schema says of itself once it is registered: its own words, or those of the version before where it is silent,
 * between what the config gives by default and what it insists on.
 */
export function settleFacts(
  own: ContentFacts,
  previous: ContentFacts | undefined,
  config: ConfluentConfig,
): ContentFacts {
  const inherited = previous?.metadata === undefined ? undefined : withoutVersion(previous.metadata);
  return {
    metadata: mergeMetadata(config.defaultMetadata, own.metadata ?? inherited, config.overrideMetadata),
    ruleSet: mergeRuleSets(config.defaultRuleSet, own.ruleSet ?? previous?.ruleSet, config.overrideRuleSet),
  };
}

/** The value of a metadata property, if there is one. */
export function metadataProperty(metadata: JsonObject | undefined, key: string): string | undefined {
  const value = partOf(metadata, 'properties')[key];
  return typeof value === 'string' ? value : undefined;
}

/** Metadata that also says which position it was registered for: what makes a repeated content a new one. */
export function withVersion(metadata: JsonObject | undefined, version: number): JsonObject {
  return {
    ...metadata,
    properties: { ...partOf(metadata, 'properties'), [versionProperty]: String(version) },
  };
}

/** Metadata without the position; undefined if nothing is left. */
export function withoutVersion(metadata: JsonObject | undefined): JsonObject | undefined {
  if (metadata === undefined) return undefined;
  const { [versionProperty]: _position, ...properties } = partOf(metadata, 'properties');
  const { properties: _all, ...rest } = metadata;
  return blankToUndefined({ ...rest, ...(Object.keys(properties).length > 0 && { properties }) });
}

const versionProperty = 'confluent:version';

function mergeMetadata(...layers: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  const given = layers.filter((layer) => layer !== undefined);
  if (given.length === 0) return undefined;
  const tags: Record<string, readonly unknown[]> = {};
  for (const layer of given) {
    for (const [path, words] of Object.entries(partOf(layer, 'tags'))) {
      // Of one path all tags hold that anyone gave.
      tags[path] = [...new Set([...(tags[path] ?? []), ...(Array.isArray(words) ? words : [])])];
    }
  }
  const properties = Object.assign({}, ...given.map((layer) => partOf(layer, 'properties')));
  const sensitive = new Set(given.flatMap((layer) => listOf(layer['sensitive'])));
  return blankToUndefined({
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(sensitive.size > 0 && { sensitive: [...sensitive] }),
  });
}

function mergeRuleSets(...layers: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  const given = layers.filter((layer) => layer !== undefined);
  if (given.length <= 1) return given[0];
  const kinds = new Set(given.flatMap((layer) => Object.keys(layer)));
  return Object.fromEntries(
    [...kinds].map((kind) => {
      // A later rule of the same name takes the place of an earlier one, at the end.
      const byName = new Map<unknown, unknown>();
      for (const rule of given.flatMap((layer) => listOf(layer[kind]))) {
        const name = nameOf(rule);
        byName.delete(name);
        byName.set(name, rule);
      }
      return [kind, [...byName.values()]];
    }),
  );
}

function partOf(metadata: JsonObject | undefined, key: string): JsonObject {
  const part = metadata?.[key];
  return part !== null && typeof part === 'object' ? Object.fromEntries(Object.entries(part)) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function nameOf(rule: unknown): unknown {
  return rule !== null && typeof rule === 'object' && 'name' in rule ? rule.name : rule;
}

function blankToUndefined(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}
