import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

export { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject, GraphQLSafeInt } from 'graphql-scalars';

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function parse(value: unknown): number {
  if (typeof value === 'number') return value;
  const special = SPECIAL.get(value);
  if (special === undefined) {
    throw new GraphQLError(
      `MetricValue must be a number, "NaN", "Infinity" or "-Infinity"; got ${JSON.stringify(value)}`,
    );
  }
  return special;
}

/** A float that can be NaN or infinite, as in a diverged training. GraphQL's Float cannot. */
export const GraphQLMetricValue = new GraphQLScalarType<number, number | string>({
  name: 'MetricValue',
  description:
    'A 64-bit float. JSON has no NaN and no infinities, so they are ' +
    'sent as the strings "NaN", "Infinity" and "-Infinity".',
  serialize: (value) => {
    const number = parse(value);
    return Number.isFinite(number) ? number : String(number);
  },
  parseValue: parse,
  parseLiteral: (node) => {
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return Number(node.value);
    return parse(node.kind === Kind.STRING ? node.value : node.kind);
  },
});

type Scalar = string | number | boolean;

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

function filterValue(value: unknown): Scalar | Scalar[] {
  if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return value;
  throw new GraphQLError(
    `FilterValue must be a text, a number, a boolean or a list of them; got ${JSON.stringify(value)?.slice(0, 100)}`,
  );
}

/** What a filter compares a field with. */
export const GraphQLFilterValue = new GraphQLScalarType<Scalar | Scalar[], Scalar | Scalar[]>({
  name: 'FilterValue',
  description:
    'A text, a number, a boolean, or a list of them. Times are texts in ISO 8601, durations numbers of seconds.',
  serialize: filterValue,
  parseValue: filterValue,
  parseLiteral: (node, variables) => filterValue(valueFromASTUntyped(node, variables)),
});

type FieldScalar = string | number | boolean;

function fieldValue(value: unknown): FieldScalar | FieldScalar[] {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return filterValue(value);
}

/** The value of a field of a run. Dates become texts. */
export const GraphQLFieldValue = new GraphQLScalarType<never, FieldScalar | FieldScalar[]>({
  name: 'FieldValue',
  description:
    'The value of a field of a run: a text, a number, a boolean, or a list of them. Times are texts in ISO 8601, ' +
    'durations numbers of seconds. JSON has no NaN and no infinities: these numbers are the texts "NaN", ' +
    '"Infinity" and "-Infinity".',
  serialize: fieldValue,
});
