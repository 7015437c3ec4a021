import { canonicalJson } from '@spine/kernel/canonical-json';
import { isRecord } from '../json.ts';
import type { Budget } from './budget.ts';
import { isSince } from './draft.ts';
import type { JsonSchemaNode, JsonType } from './json-schema-tree.ts';
import { isMultiple } from './numbers.ts';
import type { Patterns } from './pattern/pattern.ts';

/** True or false, or undefined where it is not decided: a pattern that is not understood, a reference that depends on the way. */
export type Fits = boolean | undefined;

/** Whether a value fits a schema. */
export type ValidateInstance = (node: JsonSchemaNode, value: unknown) => Fits;

/** A text that no format takes which is known to readers that check them. */
export const textOfNoFormat = '~';

const checkedFormats = new Set(
  'date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri iri uuid json-pointer relative-json-pointer'.split(
    ' ',
  ),
);

/** What one schema found: whether the value fits, and which parts of it were looked at. */
interface Outcome {
  readonly fits: Fits;
  readonly names: ReadonlySet<string>;
  readonly items: ReadonlySet<number>;
  /** Not where a part that is not decided may have looked at more. */
  readonly isSure: boolean;
}

/** The parts of a value that were looked at, to which more are added. */
interface Looked<Part> {
  readonly seen: Set<Part>;
  readonly isSure: boolean;
}

/**
 * Validates values against schemas of any draft. Formats only describe, as the newest drafts have it, unless they are asked
 * for; then one text is known to fit none of them.
 */
export function createValidator(
  budget: Budget,
  patternOf: Patterns,
  { checksFormats = false }: { readonly checksFormats?: boolean } = {},
): ValidateInstance {
  /** The texts of the values that a schema lists: written out once, however many are asked for. */
  const listed = new Map<readonly unknown[], ReadonlySet<string>>();
  function textsOf(values: readonly unknown[]): ReadonlySet<string> {
    const known = listed.get(values);
    if (known !== undefined) return known;
    const texts = new Set(values.map(canonicalJson));
    budget.spend(values.length);
    listed.set(values, texts);
    return texts;
  }

  function check(node: JsonSchemaNode, value: unknown): Outcome {
    budget.spend(5);
    return budget.deeper(() => checkDeeper(node, value));
  }

  function checkDeeper(node: JsonSchemaNode, value: unknown): Outcome {
    if (node.always !== undefined) return plain(node.always);
    if (node.isOpaque) return plain(undefined);
    const verdicts: Fits[] = [fitsTypes(node, value), fitsValues(node, value, textsOf)];
    const inPlace = checkInPlace(node, value);
    verdicts.push(...inPlace.map((outcome) => outcome.fits));
    const names = new Set(inPlace.flatMap((outcome) => [...outcome.names]));
    const items = new Set(inPlace.flatMap((outcome) => [...outcome.items]));
    const isSure = inPlace.every((outcome) => outcome.isSure);
    if (typeof value === 'number') verdicts.push(fitsNumber(node, value));
    if (typeof value === 'string') verdicts.push(fitsString(node, value));
    if (Array.isArray(value)) verdicts.push(...checkItems(node, value, { seen: items, isSure }));
    if (isRecord(value)) verdicts.push(...checkProperties(node, value, { seen: names, isSure }));
    return { fits: and(verdicts), names, items, isSure };
  }

  /** The schemas that the same value is held to. Of one that does not fit, nothing counts as looked at. */
  function checkInPlace(node: JsonSchemaNode, value: unknown): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    if (node.ref !== undefined) outcomes.push(check(node.ref, value));
    for (const part of node.allOf ?? []) outcomes.push(check(part, value));
    if (node.anyOf !== undefined) outcomes.push(some(node.anyOf, value));
    if (node.oneOf !== undefined) outcomes.push(exactlyOne(node.oneOf, value));
    if (node.not !== undefined) outcomes.push(plain(not(check(node.not, value).fits)));
    if (node.condition !== undefined) outcomes.push(checkCondition(node.condition, value));
    if (!isRecord(value)) return outcomes;
    for (const [name, schema] of node.dependentSchemas ?? []) {
      if (Object.hasOwn(value, name)) outcomes.push(check(schema, value));
    }
    return outcomes;
  }

  function some(branches: readonly JsonSchemaNode[], value: unknown): Outcome {
    const outcomes = branches.map((branch) => check(branch, value));
    const fits = not(and(outcomes.map((outcome) => not(outcome.fits))));
    return { ...join(outcomes), fits };
  }

  function exactlyOne(branches: readonly JsonSchemaNode[], value: unknown): Outcome {
    const outcomes = branches.map((branch) => check(branch, value));
    const fitting = outcomes.filter((outcome) => outcome.fits === true);
    const isDecided = fitting.length > 1 || outcomes.every((outcome) => outcome.fits !== undefined);
    return { ...join(outcomes), fits: isDecided ? fitting.length === 1 : undefined };
  }

  function checkCondition(
    { holds, yes, no }: NonNullable<JsonSchemaNode['condition']>,
    value: unknown,
  ): Outcome {
    const condition = check(holds, value);
    const then = yes === undefined ? plain(true) : check(yes, value);
    const otherwise = no === undefined ? plain(true) : check(no, value);
    if (condition.fits === true) return { ...join([condition, then]), fits: then.fits };
    if (condition.fits === false) return otherwise;
    return { ...plain(then.fits === otherwise.fits ? then.fits : undefined), isSure: false };
  }

  function fitsString(node: JsonSchemaNode, value: string): Fits {
    const length = [...value].length;
    if (length < (node.minLength ?? 0) || length > (node.maxLength ?? Number.POSITIVE_INFINITY)) return false;
    if (checksFormats && node.format !== undefined && checkedFormats.has(node.format)) {
      return value === textOfNoFormat ? false : undefined;
    }
    return node.pattern === undefined ? true : patternOf(node.pattern)?.matches(value);
  }

  function checkItems(
    node: JsonSchemaNode,
    value: readonly unknown[],
    { seen, isSure }: Looked<number>,
  ): readonly Fits[] {
    const verdicts: Fits[] = [
      value.length >= (node.minItems ?? 0),
      value.length <= (node.maxItems ?? Number.POSITIVE_INFINITY),
      node.uniqueItems !== true || new Set(value.map(canonicalJson)).size === value.length,
    ];
    for (const [index, item] of value.entries()) {
      const schema = node.prefixItems?.[index] ?? node.items;
      if (schema === undefined) continue;
      verdicts.push(check(schema, item).fits);
      seen.add(index);
    }
    if (node.contains !== undefined) verdicts.push(fitsContains(node, node.contains, value, seen));
    if (node.unevaluatedItems !== undefined) {
      for (const [index, item] of value.entries()) {
        if (!seen.has(index)) verdicts.push(ifSure(isSure, check(node.unevaluatedItems, item).fits));
        seen.add(index);
      }
    }
    return verdicts;
  }

  function fitsContains(
    node: JsonSchemaNode,
    contains: JsonSchemaNode,
    value: readonly unknown[],
    seen: Set<number>,
  ): Fits {
    const fits = value.map((item) => check(contains, item).fits);
    const sure = fits.filter((each) => each === true).length;
    const possible = fits.filter((each) => each !== false).length;
    if (isSince(node.draft, '2020-12')) for (const [index, each] of fits.entries()) if (each) seen.add(index);
    const [min, max] = [node.minContains ?? 1, node.maxContains ?? Number.POSITIVE_INFINITY];
    if (possible < min || sure > max) return false;
    return sure >= min && possible <= max ? true : undefined;
  }

  function checkProperties(
    node: JsonSchemaNode,
    value: Readonly<Record<string, unknown>>,
    { seen, isSure }: Looked<string>,
  ): readonly Fits[] {
    const names = Object.keys(value);
    const verdicts: Fits[] = [
      names.length >= (node.minProperties ?? 0),
      names.length <= (node.maxProperties ?? Number.POSITIVE_INFINITY),
      (node.required ?? []).every((name) => Object.hasOwn(value, name)),
    ];
    for (const [name, needs] of node.dependentRequired ?? []) {
      verdicts.push(!Object.hasOwn(value, name) || needs.every((need) => Object.hasOwn(value, need)));
    }
    for (const name of names) {
      verdicts.push(...checkProperty(node, name, value[name], seen));
      if (node.propertyNames !== undefined) verdicts.push(check(node.propertyNames, name).fits);
    }
    if (node.unevaluatedProperties === undefined) return verdicts;
    for (const name of names) {
      if (!seen.has(name)) verdicts.push(ifSure(isSure, check(node.unevaluatedProperties, value[name]).fits));
      seen.add(name);
    }
    return verdicts;
  }

  function checkProperty(
    node: JsonSchemaNode,
    name: string,
    value: unknown,
    seen: Set<string>,
  ): readonly Fits[] {
    const verdicts: Fits[] = [];
    const own = node.properties?.get(name);
    if (own !== undefined) verdicts.push(check(own, value).fits);
    let isNamed = own !== undefined;
    for (const [pattern, schema] of node.patternProperties ?? []) {
      const matches = patternOf(pattern)?.matches(name);
      // Whether the schema counts, and those for all other names, hangs on it.
      if (matches === undefined) return [...verdicts, undefined];
      if (!matches) continue;
      isNamed = true;
      verdicts.push(check(schema, value).fits);
    }
    if (!isNamed && node.additionalProperties !== undefined) {
      verdicts.push(check(node.additionalProperties, value).fits);
      isNamed = true;
    }
    if (isNamed) seen.add(name);
    return verdicts;
  }

  return (node, value) => check(node, value).fits;
}

function fitsTypes(node: JsonSchemaNode, value: unknown): boolean {
  return node.types === undefined || node.types.some((type) => isOfType(value, type));
}

/** Whether a value is of a type; a whole number is of two. */
export function isOfType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function fitsValues(
  { values, constant }: JsonSchemaNode,
  value: unknown,
  textsOf: (values: readonly unknown[]) => ReadonlySet<string>,
): boolean {
  if (values === undefined && constant === undefined) return true;
  const text = canonicalJson(value);
  if (constant !== undefined && canonicalJson(constant.value) !== text) return false;
  return values === undefined || textsOf(values).has(text);
}

function fitsNumber(node: JsonSchemaNode, value: number): boolean {
  return (
    value >= (node.minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (node.maximum ?? Number.POSITIVE_INFINITY) &&
    value > (node.exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    value < (node.exclusiveMaximum ?? Number.POSITIVE_INFINITY) &&
    (node.multipleOf === undefined || isMultiple(value, node.multipleOf))
  );
}

function plain(fits: Fits): Outcome {
  return { fits, names: new Set(), items: new Set(), isSure: true };
}

/** What was looked at by those that fit. */
function join(outcomes: readonly Outcome[]): Omit<Outcome, 'fits'> {
  const fitting = outcomes.filter((outcome) => outcome.fits === true);
  return {
    names: new Set(fitting.flatMap((outcome) => [...outcome.names])),
    items: new Set(fitting.flatMap((outcome) => [...outcome.items])),
    isSure: outcomes.every((outcome) => outcome.fits === false || (outcome.fits && outcome.isSure)),
  };
}

/** A refusal of a part that may have been looked at after all is none. */
function ifSure(isSure: boolean, fits: Fits): Fits {
  return fits === false && !isSure ? undefined : fits;
}

function and(verdicts: readonly Fits[]): Fits {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function not(fits: Fits): Fits {
  return fits === undefined ? undefined : !fits;
}
