import {
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { list, type Value } from './values.js';

/** Lengths of texts around the limits that the server's descriptions name. */
const TEXT_LENGTHS = [1, 64, 65, 128, 129, 256, 257, 512, 513, 1000, 1001, 2048, 2049, 16_384, 16_385];
const LIST_LENGTHS = [2, 50, 51, 100, 101, 200, 201, 255, 256, 500, 501, 1000];

const text = (value: string): Value => ({ name: shortened(value), json: JSON.stringify(value) });
const raw = (json: string): Value => ({ name: shortened(json), json });
/** The Base64 of as many bytes. */
const bytes = (length: number, fill: number): Value => ({
  name: `${length} bytes of ${fill}`,
  json: JSON.stringify(Buffer.alloc(length, fill).toString('base64')),
});

/** A cursor, as the server makes them: the list's order, the key of a row and its id. */
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const NIL = '00000000-0000-0000-0000-000000000000';

/** Valid values at their limits, and values just beyond them, by the name of their type. */
const BY_TYPE: Record<string, readonly Value[]> = {
  Int: ['0', '1', '2', '50', '51', '100', '101', '5000', '5001', '10000', '10001'].map(raw),
  SafeInt: ['0', '1', '9007199254740991', '-9007199254740991', '9007199254740992'].map(raw),
  Float: ['0', '1', '1e-9', '1e9'].map(raw),
  MetricValue: [
    ...['-0.0', '1', '1.7976931348623157e308', '-1.7976931348623157e308', '5e-324'].map(raw),
    ...['NaN', 'Infinity', '-Infinity', 'nan', '1'].map(text),
  ],
  PackedInts: [bytes(0, 0), bytes(3, 0), bytes(4, 0), bytes(8, 0), bytes(8, 255), bytes(80_000, 0), bytes(80_004, 0)],
  PackedFloats: [
    bytes(0, 0),
    bytes(8, 0),
    bytes(12, 0),
    bytes(16, 0),
    bytes(16, 255),
    bytes(160_000, 0),
    bytes(160_008, 0),
  ],
  Boolean: ['true', 'false'].map(raw),
  ID: [
    ...[NIL, 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', `{${NIL}}`, `${NIL}\n`, ` ${NIL}`, '-'.repeat(36)].map(text),
    ...['9223372036854775807', '9223372036854775808', '1e3', '0x10', '-0'].map(text),
    ...['9223372036854775807', '1'].map(raw),
  ],
  String: [
    ...TEXT_LENGTHS.map((length) => ({ ...text('x'.repeat(length)), name: `${length} characters` })),
    ...TEXT_LENGTHS.filter((length) => length <= 512).map((length) => ({
      ...text('😀'.repeat(length)),
      name: `${length} astral characters`,
    })),
    ...['f'.repeat(64), '#ffffff', '#FFFFFF', '1/2', 'default'].map(text),
  ],
  DateTime: [
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '+275760-09-13T00:00:00.000Z',
    '-271821-04-20T00:00:00.000Z',
    '294277-01-01T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:00+23:59',
    '2024-01-01T00:00:00-99:99',
    '2024-01-01',
  ].map(text),
};

/** The same, for inputs of a certain name that the type says too little about. */
const BY_NAME: Record<string, readonly Value[]> = {
  after: [
    cursor('CREATED_AT DESC', '17', NIL),
    cursor('CREATED_AT DESC', null, NIL),
    cursor('CREATED_AT DESC', 'seventeen', NIL),
    cursor('CREATED_AT DESC', '99999999999999999999', NIL),
    cursor('CREATED_AT DESC', '17', '-'.repeat(36)),
    cursor('NAME ASC', 'a\0b', NIL),
    cursor('MEAN_IOU DESC', '-infinity', NIL),
    cursor('CREATED_AT DESC', '-infinity', NIL),
    cursor('NEWEST', '2024-01-01', NIL),
    cursor('x'.repeat(1000), 'y'.repeat(1000), 'z'),
    cursor(),
    cursor({ toString: 1 }, [], {}),
    '====',
    '{}',
    'bnVsbA',
  ].map(text),
};

/** Values at the limits of this input. */
export function limitValues(name: string, type: GraphQLInputType, base: unknown): Value[] {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return repetitions(base);
  const named = getNamedType(inner as GraphQLNamedInputType);
  if (isEnumType(named)) return named.getValues().map((value) => text(value.name));
  if (isInputObjectType(named) || named.name === 'JSONObject') return objects(base);
  return [...(BY_TYPE[named.name] ?? []), ...(BY_NAME[name] ?? [])];
}

/** The list with its entries repeated. Their text is short, or the longest lists would be longer than any body. */
function repetitions(base: unknown): Value[] {
  const entries = Array.isArray(base) ? base : [];
  const entry = JSON.stringify(entries[0] ?? null);
  return LIST_LENGTHS.map((length) => ({ name: `${length} entries`, json: list(entry, length) }));
}

/** The object with another field, which JSON may call anything. */
function objects(base: unknown): Value[] {
  const fields = JSON.stringify(base ?? {}).slice(1, -1);
  const start = fields && `${fields}, `;
  return [
    { name: 'the valid object and __proto__', json: `{${start}"__proto__": {"polluted": true}}` },
    { name: 'the valid object and an unknown field', json: `{${start}"unknown": 1}` },
    { name: 'the valid object and a field with NUL', json: `{${start}"a\\u0000b": "\\u0000"}` },
    { name: 'the valid object and 10,000 fields', json: `{${start}${fieldsNamed(10_000)}}` },
  ];
}

function fieldsNamed(count: number): string {
  return Array.from({ length: count }, (_, index) => `"k${index}": ${index}`).join(',');
}

function shortened(value: string): string {
  return value.length <= 40 ? value : `${value.slice(0, 40)}… (${value.length} characters)`;
}
