import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { MAX_PAGE } from './connection.js';

/** How many items a list is assumed to have if no argument says so. */
const LIST_LENGTH = 10;
/** The exceptions, by their place in the schema: there is one for each evaluation of a run. */
const LONG_LISTS = new Map([
  ['Run.evaluations', 100],
  ['Run.pseudoLabels', 100],
]);
/** The numbers of a confusion matrix of 21 classes. They cost as much as those of points. */
const NUMBERS = new Map([['Evaluation.confusion', 21 ** 2]]);
/** How many series a run is assumed to have if their names are not given. */
const SERIES = 30;
/** A point is two numbers; a field is a call of a resolver. */
const POINT_COST = 0.05;

type Field = GraphQLField<unknown, unknown>;

/** The values of an operation's variables, with the defaults that the operation gives. They have not been checked. */
export type Variables = Readonly<Record<string, unknown>>;

/** The values that count: those of the request, and the operation's own defaults for those that it leaves out. */
export function variablesOf(operation: OperationDefinitionNode, given: Variables): Variables {
  const defaults = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue && literalValue(defaultValue, {}),
  ]);
  return { ...Object.fromEntries(defaults), ...given };
}

/** The cost of a field without a selection. `place` is its place in the schema, such as `Run.name`. */
export function costOfLeaf(field: Field | undefined, place: string): number {
  const numbers = NUMBERS.get(place);
  if (numbers !== undefined) return 1 + POINT_COST * numbers;
  return field && isListOf(field) ? LIST_LENGTH : 1;
}

/** The cost of a field at this place, given the cost of what is selected within it. */
export function costOf(
  node: FieldNode,
  field: Field | undefined,
  place: string,
  inner: number,
  variables: Variables,
): number {
  if (!field) return 1 + inner;
  const argument = (name: string) => argumentOf(name, node, field, variables);
  const maxPoints = argument('maxPoints');
  if (maxPoints !== undefined) {
    const series = lengthOf(argument('names')) ?? SERIES;
    return 1 + series * (inner + POINT_COST * Math.max(1, numberOf(maxPoints)));
  }
  return 1 + inner * repetitions(field, place, argument);
}

/** How often the selection of the field may be resolved. For a connection, `first` counts at the field that has it. */
function repetitions(field: Field, place: string, argument: (name: string) => unknown): number {
  const first = argument('first');
  if (first !== undefined) return Math.min(MAX_PAGE, Math.max(1, numberOf(first)));
  const last = argument('last');
  if (last !== undefined) return Math.max(1, numberOf(last));
  if (!isListOf(field) || field.name === 'edges') return 1;
  return lengthOf(argument('runIds')) ?? LONG_LISTS.get(place) ?? LIST_LENGTH;
}

const isListOf = ({ type }: Field): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** The value of an argument that the field has: the given one, or its default; undefined if the field has none by this name. */
function argumentOf(name: string, node: FieldNode, field: Field, variables: Variables): unknown {
  const definition = field.args.find((each) => each.name === name);
  if (!definition) return undefined;
  const given = node.arguments?.find((each: ArgumentNode) => each.name.value === name);
  const value = given && literalValue(given.value, variables);
  return value === undefined ? (definition.defaultValue ?? null) : value;
}

function literalValue(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.LIST) return node.values;
  // Nothing else counts, and validation rejects it where a number or a list is expected.
  return null;
}

const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 1);

/** The length of a list. A single value counts as a list of one, as in GraphQL. Undefined for null. */
function lengthOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  return Array.isArray(value) ? value.length : 1;
}

/** The field that a node selects; undefined if the type has none by this name. */
export function fieldOf(node: FieldNode, parent: GraphQLOutputType | undefined): Field | undefined {
  const named = parent && getNamedType(parent);
  const fields = named && 'getFields' in named ? named.getFields() : {};
  return fields[node.name.value] as Field | undefined;
}
