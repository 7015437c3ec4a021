import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import { type CheckRules, counts, defaultRules } from '../check-rules.ts';
import { isRecord } from '../json.ts';
import { datumOf, evolution, type SchemaModel, textOf } from './evolution-model.ts';
import { findProtobufIncompatibilities } from './find-incompatibilities.ts';
import { createProtobufjsModel } from './protobufjs-model.ts';

/** A change and data of the version before it. */
const withData = evolution.chain((versions) =>
  fc.array(datumOf(versions.before), { minLength: 1, maxLength: 4 }).map((data) => ({ ...versions, data })),
);

function decide({ before, after }: { before: SchemaModel; after: SchemaModel }, rules: CheckRules) {
  const found = findProtobufIncompatibilities(
    parseProtobuf(textOf(after)),
    parseProtobuf(textOf(before)),
    rules,
  );
  return found.filter((each) => counts(rules, each));
}

describe('any change of a Protobuf schema', () => {
  test('that the strict profile takes leaves every shared field with its value', () => {
    let taken = 0;
    fc.assert(
      fc.property(withData, ({ before, after, data }) => {
        if (decide({ before, after }, defaultRules('strict')).length > 0) return;
        taken += 1;
        const model = createProtobufjsModel(textOf(after), textOf(before));
        for (const datum of data) {
          const { written, read } = model.overWire(datum);
          expect(read).not.toBe('refused');
          for (const { number } of after.fields) {
            if (!Object.hasOwn(written, String(number)) || !isRecord(read)) continue;
            expect(comparable(read[number], after, number)).toEqual(
              comparable(written[number], after, number),
            );
          }
        }
      }),
      { numRuns: 120 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  test('that the confluent profile takes leaves every message readable', () => {
    let taken = 0;
    fc.assert(
      fc.property(withData, ({ before, after, data }) => {
        if (decide({ before, after }, defaultRules('confluent')).length > 0) return;
        taken += 1;
        const model = createProtobufjsModel(textOf(after), textOf(before));
        for (const datum of data) expect(model.overWire(datum).read).not.toBe('refused');
      }),
      { numRuns: 120 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  test.each(['strict', 'confluent'] as const)(
    'that the %s profile refuses has a message that is really read otherwise',
    (profile) => {
      let told = 0;
      fc.assert(
        fc.property(evolution, (versions) => {
          for (const { witness, axis, kind } of decide(versions, defaultRules(profile))) {
            if (witness === undefined || !isRecord(witness.datum)) continue;
            const model = createProtobufjsModel(textOf(versions.after), textOf(versions.before));
            const { written, read } =
              axis === 'JSON' ? model.overJson(witness.datum) : model.overWire(witness.datum);
            expect(read, `${kind} ${JSON.stringify(witness)}`).not.toEqual(written);
            told += 1;
          }
        }),
        { numRuns: 80 },
      );
      expect(told).toBeGreaterThan(10);
    },
  );

  test('is none against itself, however it is ordered', () => {
    fc.assert(
      fc.property(evolution, ({ before }) => {
        const turned = { ...before, fields: before.fields.toReversed() };
        for (const profile of ['strict', 'confluent'] as const) {
          expect(decide({ before, after: turned }, defaultRules(profile))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/**
 * A 64-bit number is text to protobufjs, a smaller one a number: one value all the same. What is not set means the default to
 * whoever cannot tell the two apart.
 */
function comparable(value: unknown, { fields }: SchemaModel, number: number): unknown {
  const field = fields.find((each) => each.number === number);
  const isSingle = field !== undefined && field.label !== 'repeated ' && !field.type.startsWith('map');
  if (Array.isArray(value)) return value.map(String);
  if (!isSingle || isRecord(value)) return value;
  const text = String(value ?? '');
  return text === '0' || text === 'false' || text === 'S0' ? '' : text;
}
