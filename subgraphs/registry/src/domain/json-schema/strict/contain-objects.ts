import type { Findings } from '../difference.ts';
import { freshName } from '../fresh-name.ts';
import type { DifferenceKind } from '../json-kinds.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { Containment } from './containment.ts';
import { limitsOf } from './limits.ts';
import { schemasOfProperty, schemasOfRest, typeSchema, type View } from './view.ts';

/** Keywords for objects. */
export function containObjects(
  containment: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
): void {
  containRequired(containment, findings, reader, view);
  for (const [name, schema] of reader.properties ?? [])
    containProperty(containment, findings, { reader, name, schema }, view);
  for (const [pattern, schema] of reader.patternProperties ?? []) {
    containPattern(containment, findings, { pattern, schema }, view);
  }
  if (reader.additionalProperties !== undefined) {
    containRest(containment, findings, view, {
      named: [reader],
      schema: reader.additionalProperties,
      keyword: 'additionalProperties',
      removed: 'ADDITIONAL_PROPERTIES_REMOVED',
      narrowed: 'ADDITIONAL_PROPERTIES_NARROWED',
    });
  }
  if (reader.unevaluatedProperties !== undefined) {
    const named = alwaysBeside(reader);
    // A schema beside it that speaks of the rest leaves nothing unseen.
    const isAllSeen = named.some(
      (node) => node.additionalProperties ?? (node === reader ? undefined : node.unevaluatedProperties),
    );
    if (!isAllSeen) {
      containRest(containment, findings, view, {
        named,
        schema: reader.unevaluatedProperties,
        keyword: 'unevaluatedProperties',
        removed: 'UNEVALUATED_PROPERTIES_REMOVED',
        narrowed: 'UNEVALUATED_PROPERTIES_NARROWED',
      });
    }
  }
  containNames(containment, findings, reader, view);
  containDependencies(containment, findings, reader, view);
  containPropertyCounts(findings, reader, view);
}

function containRequired(
  containment: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
): void {
  const written = limitsOf(view.nodes).required;
  for (const name of reader.required ?? []) {
    if (written.has(name)) continue;
    const isDeclared = view.nodes.some((node) => node.properties?.has(name) === true);
    const isOpen = schemasOfProperty(view, name, containment).length === 0;
    if (isDeclared || reader.properties?.has(name) !== true) {
      findings.add('REQUIRED_ATTRIBUTE_ADDED', { steps: ['required', name] });
    } else {
      const kind = isOpen
        ? 'REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'
        : 'REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL';
      findings.add(kind, { steps: ['properties', name] });
    }
  }
}

interface Property {
  readonly reader: JsonSchemaNode;
  readonly name: string;
  readonly schema: JsonSchemaNode;
}

function containProperty(
  containment: Containment,
  findings: Findings,
  { reader, name, schema }: Property,
  view: View,
): void {
  const writers = schemasOfProperty(view, name, containment);
  const found = containment.contain(schema, writers);
  if (found.isCompatible) return;
  const below = { steps: ['properties', name], place: [name] };
  if (view.nodes.some((node) => node.properties?.has(name) === true)) findings.take(found, below);
  else if (writers.length > 0) {
    findings.take(found, below);
    findings.add('PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', below);
  } else if (reader.required?.includes(name) === true) {
    // That it need not be there is told already, and that it may be anything goes with it.
    if (limitsOf(view.nodes).required.has(name)) findings.add('SCHEMA_ADDED', below);
  } else findings.add('OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', below);
}

/** Names that match a pattern: those that the writer declares, those of its patterns, and all others. */
function containPattern(
  containment: Containment,
  findings: Findings,
  { pattern, schema }: { readonly pattern: string; readonly schema: JsonSchemaNode },
  view: View,
): void {
  const { contain, patternOf } = containment;
  const steps = ['patternProperties', pattern];
  const written = view.nodes.flatMap((node) => node.patternProperties?.get(pattern) ?? []);
  if (written.length > 0) {
    findings.take(contain(schema, written), {
      steps,
      place: patternOf(pattern)?.samples().slice(0, 1) ?? [],
    });
    return;
  }
  const isTaken =
    declaredNames(view).every(
      (name) =>
        patternOf(pattern)?.matches(name) === false ||
        contain(schema, schemasOfProperty(view, name, containment)).isCompatible,
    ) &&
    writtenPatterns(view).every(([, inner]) => contain(schema, [inner]).isCompatible) &&
    contain(schema, schemasOfRest(view)).isCompatible;
  if (!isTaken) findings.add('PATTERN_PROPERTIES_NARROWED', { steps });
}

interface Rest {
  /** The schemas whose properties and patterns are not part of the rest. */
  readonly named: readonly JsonSchemaNode[];
  readonly schema: JsonSchemaNode;
  readonly keyword: string;
  readonly removed: DifferenceKind;
  readonly narrowed: DifferenceKind;
}

/** What the reader has for all names that it does not name. */
function containRest(
  containment: Containment,
  findings: Findings,
  view: View,
  { named, schema, keyword, removed, narrowed }: Rest,
): void {
  const { contain, patternOf } = containment;
  const isClosed = schema.always === false;
  const patterns = named.flatMap((node) => [...(node.patternProperties?.keys() ?? [])]);
  for (const name of declaredNames(view)) {
    if (named.some((node) => node.properties?.has(name) === true)) continue;
    if (patterns.some((pattern) => patternOf(pattern)?.matches(name) === true)) continue;
    const found = contain(schema, schemasOfProperty(view, name, containment));
    if (found.isCompatible) continue;
    const below = { steps: ['properties', name], place: [name] };
    if (isClosed) findings.add('PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', below);
    else {
      findings.take(found, below);
      findings.add('PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', below);
    }
  }
  const at = { steps: [keyword] };
  const isCovered = writtenPatterns(view).every(
    ([pattern, inner]) => patterns.includes(pattern) || contain(schema, [inner]).isCompatible,
  );
  if (!isCovered) findings.add(isClosed ? removed : narrowed, at);
  const writers = schemasOfRest(view);
  const rest = contain(schema, writers);
  if (rest.isCompatible) return;
  if (isClosed) findings.add(removed, at);
  else if (writers.length === 0) findings.add(narrowed, at);
  else findings.take(rest, { ...at, place: [freshName(view.nodes)] });
}

/** The schema itself and those that a value is held to beside it, whatever it is. */
function alwaysBeside(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const found = [node];
  // Grows while it is read.
  for (const each of found) {
    if (each.ref !== undefined) found.push(each.ref);
    found.push(...(each.allOf ?? []));
    if (found.length > 1_000) break;
  }
  return found;
}

function containNames(
  { contain, validate }: Containment,
  findings: Findings,
  { propertyNames }: JsonSchemaNode,
  view: View,
): void {
  if (propertyNames === undefined) return;
  const isClosed =
    writtenPatterns(view).length === 0 && schemasOfRest(view).some((schema) => schema.always === false);
  const isListed = isClosed && declaredNames(view).every((name) => validate(propertyNames, name) === true);
  const written = view.nodes.flatMap((node) => node.propertyNames ?? []);
  if (isListed || contain(propertyNames, [typeSchema('string'), ...written]).isCompatible) return;
  findings.add('PROPERTY_NAMES_NARROWED', { steps: ['propertyNames'] });
}

function containDependencies(
  containment: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
): void {
  const { required } = limitsOf(view.nodes);
  const isNever = (name: string) => containment.isEmpty(schemasOfProperty(view, name, containment));
  for (const [name, needs] of reader.dependentRequired ?? []) {
    const written = view.nodes.flatMap((node) => node.dependentRequired?.get(name) ?? []);
    const missing = needs.filter((need) => need !== name && !required.has(need) && !written.includes(need));
    if (missing.length === 0 || isNever(name)) continue;
    const isWider = written.every((need) => needs.includes(need));
    const kind = isWider ? 'DEPENDENCY_ARRAY_EXTENDED' : 'DEPENDENCY_ARRAY_CHANGED';
    findings.add(written.length === 0 ? 'DEPENDENCY_ARRAY_ADDED' : kind, { steps: ['dependencies', name] });
  }
  for (const [name, schema] of reader.dependentSchemas ?? []) {
    const written = view.nodes.flatMap((node) => node.dependentSchemas?.get(name) ?? []);
    const found = containment.contain(schema, [...view.nodes, ...written]);
    if (found.isCompatible || isNever(name)) continue;
    const at = { steps: ['dependencies', name] };
    if (written.length === 0) findings.add('DEPENDENCY_SCHEMA_ADDED', at);
    else findings.take(found, at);
  }
}

function containPropertyCounts(findings: Findings, reader: JsonSchemaNode, view: View): void {
  const limits = limitsOf(view.nodes);
  if (reader.minProperties !== undefined && limits.minProperties < reader.minProperties) {
    const hasOwn = view.nodes.some((node) => node.minProperties !== undefined);
    findings.add(hasOwn ? 'MIN_PROPERTIES_INCREASED' : 'MIN_PROPERTIES_ADDED', { steps: ['minProperties'] });
  }
  if (reader.maxProperties === undefined || limits.maxProperties <= reader.maxProperties) return;
  const isClosed =
    writtenPatterns(view).length === 0 && schemasOfRest(view).some((schema) => schema.always === false);
  if (isClosed && declaredNames(view).length <= reader.maxProperties) return;
  const hasOwn = limits.maxProperties !== Number.POSITIVE_INFINITY;
  findings.add(hasOwn ? 'MAX_PROPERTIES_DECREASED' : 'MAX_PROPERTIES_ADDED', { steps: ['maxProperties'] });
}

/** Every name that a schema of the writer, or one beside it, has a word for. */
function declaredNames({ nodes }: View): readonly string[] {
  return [...new Set(nodes.flatMap((node) => [...(node.properties?.keys() ?? [])]))];
}

function writtenPatterns({ nodes }: View): readonly (readonly [string, JsonSchemaNode])[] {
  return nodes.flatMap((node) => [...(node.patternProperties ?? [])]);
}
