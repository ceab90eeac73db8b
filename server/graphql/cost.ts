import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { isListOf } from './charge-lists.js';
import { DEFAULT_PAGE, MAX_PAGE } from './connection.js';

/** How many classes a dataset is assumed to have, and series and evaluations a run. */
const CLASSES = 21;
const SERIES = 30;
const EVALUATIONS = 100;
/** How many runs are assumed to be compared. */
const COMPARED = 5;
/** A point is two numbers; a field is a call of a resolver. */
const POINT_COST = 0.05;
/**
 * How many items a list is assumed to have if no argument says so, by its place in the schema. What there really is counts
 * when it is read (budget.ts). A test fails if a list is missing here.
 */
const LENGTHS = new Map([
  ['AuditEntry.changes', 5],
  ['AuditEntry.targets', 10],
  ['ChangedRuns.numbers', 100],
  ['ChangedRuns.refused', 100],
  ['ClassChanges.classes', CLASSES],
  ['ClassChanges.warnings', 1],
  // There is a number for each evaluation of a run.
  ['ClassHistory.ious', EVALUATIONS * POINT_COST],
  ['ClassHistory.precisions', EVALUATIONS * POINT_COST],
  ['ClassHistory.recalls', EVALUATIONS * POINT_COST],
  ['RunClassHistory.classes', CLASSES],
  ['RunClassHistory.meanIous', EVALUATIONS * POINT_COST],
  ['RunClassHistory.steps', EVALUATIONS * POINT_COST],
  ['ClassScores.classes', CLASSES],
  ['ClassScores.ious', CLASSES * POINT_COST],
  ['ClassScores.precisions', CLASSES * POINT_COST],
  ['ClassScores.recalls', CLASSES * POINT_COST],
  ['ConfusionMatrix.classes', CLASSES],
  ['ConfusionMatrix.counts', CLASSES ** 2 * POINT_COST],
  ['ConfusionMatrix.truthShares', CLASSES ** 2 * POINT_COST],
  ['ConfusionMatrix.predictionShares', CLASSES ** 2 * POINT_COST],
  ['ConfigComparison.facts', 7],
  ['ConfigComparison.runs', COMPARED],
  ['ClassCheckup.takenFor', 3],
  ['ClassDiagnosis.findings', 3],
  ['ClassDiagnosis.remedies', 2],
  ['ConfigComparison.settings', 20],
  ['RunDifference.values', COMPARED],
  ['SampleComparison.samples', COMPARED],
  ['SampleComparison.warnings', 1],
  ['Dataset.classes', CLASSES],
  ['Dataset.heldBy', 10],
  ['Dataset.rareClasses', 7],
  ['Dataset.warnings', 5],
  ['DatasetFacts.parts', 4],
  ['DatasetFacts.splits', 4],
  ['DatasetPart.bits', 2],
  ['DatasetPart.classes', CLASSES],
  ['DatasetPart.sizes', 5],
  ['DatasetSplit.classes', CLASSES],
  ['Evaluation.classIous', CLASSES],
  ['EvaluationImage.classIous', CLASSES],
  ['EvaluationImage.confusion', CLASSES],
  // The numbers of a matrix cost as much as those of points.
  ['Evaluation.confusion', CLASSES ** 2 * POINT_COST],
  // The points are counted where they are asked for.
  ['MetricHistory.steps', 1],
  ['MetricHistory.values', 1],
  ['MetricHistory.times', 1],
  ['RunHistory.steps', 1],
  ['RunHistory.values', 1],
  ['RunHistory.times', 1],
  ['PseudoLabels.classes', CLASSES],
  ['Query.accounts', 50],
  ['Query.datasets', 50],
  ['Query.runners', 50],
  ['Query.savedFilters', 50],
  ['Run.activeAlarms', 10],
  ['Run.alarms', 10],
  ['Run.attempts', 10],
  ['Run.evaluations', EVALUATIONS],
  // There is one for each evaluation.
  ['Run.pseudoLabels', EVALUATIONS],
  ['Run.clinic', CLASSES],
  ['ImageToLabel.classes', CLASSES],
  ['SuspiciousLabel.doubts', 5],
  ['Run.sampleSteps', 10],
  ['Run.samples', 10],
  ['Run.series', SERIES],
  ['Run.tags', 10],
  ['Run.values', 10],
  ['RunGroup.key', 3],
  ['RunGroup.values', 5],
  ['Runner.activeAttempts', 8],
  ['Runner.datasets', 10],
  ['Pivot.columns', 10],
  ['Pivot.columnFields', 2],
  ['Pivot.missing', 10],
  ['Pivot.rowFields', 2],
  ['Pivot.rows', 20],
  ['Pivot.warnings', 5],
  ['PivotCell.missing', 1],
  ['PivotCell.runNumbers', 5],
  ['PivotCell.runs', 5],
  ['PivotCell.warnings', 1],
  ['PivotColumn.labels', 2],
  ['PivotGain.differing', 1],
  ['PivotRow.cells', 10],
  ['PivotRow.labels', 2],
  ['QueuedRuns.missing', 10],
  ['QueuedRuns.created', 10],
  ['QueuedRuns.retried', 10],
  ['RunSetup.classWeights', CLASSES * POINT_COST],
  ['RunSetup.logitOffsets', CLASSES * POINT_COST],
  ['Sample.predictions', 3],
  ['Study.tags', 10],
  ['SavedFilter.columns', 10],
  ['StudyPlan.names', 500],
  ['StudyPlan.waiting', 5],
  ['StudyRow.classIous', CLASSES],
  ['StudyRow.runs', 5],
  ['StudyTable.classes', CLASSES],
  ['StudyTable.rareClasses', 7],
  ['StudyTable.rows', 20],
  ['PointsMessage.histories', SERIES],
  ['EvaluationsMessage.evaluations', 10],
  ['SamplesMessage.samples', 10],
  ['AlarmsMessage.alarms', 10],
  ['AlarmsMessage.retracted', 10],
  ['RaisedAlarmsMessage.alarms', 10],
  ['LogMessage.lines', 100],
  ['Subscription.runMetrics', SERIES],
]);
/** Arguments that say how long a list is. */
const LENGTH_ARGUMENTS = ['first', 'last', 'top', 'ids', 'runIds', 'attempts', 'maxPoints'];
/** What a field reads without returning it: a table is computed from all runs of a study, and a page of images from all of them. */
const READ = new Map([
  ['Study.table', 500],
  ['Query.runGroups', 500],
  ['Study.pivot', 500],
  ['Query.runsPivot', 500],
  ['Evaluation.images', 100],
]);
/** At least the blocks of a series are looked at, however few points are returned. */
const LEAST_POINTS = 500;

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
  return field && isListOf(field.type) ? 1 + (LENGTHS.get(place) ?? MAX_PAGE) : 1;
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
    const series = (lengthOf(argument('names')) ?? SERIES) * (lengthOf(argument('runIds')) ?? 1);
    return 1 + series * (inner + POINT_COST * Math.max(LEAST_POINTS, numberOf(maxPoints)));
  }
  return 1 + (READ.get(place) ?? 0) + inner * repetitions(field, place, argument);
}

/** How often the selection of the field may be resolved. For a connection, the size of the page counts at the field that has it. */
function repetitions(field: Field, place: string, argument: (name: string) => unknown): number {
  if (isPage(field)) {
    const size = argument('first') ?? argument('last') ?? DEFAULT_PAGE;
    return Math.min(MAX_PAGE, Math.max(1, numberOf(size)));
  }
  const last = argument('last') ?? argument('top');
  if (last !== undefined) return Math.max(1, numberOf(last));
  if (!isListOf(field.type) || field.name === 'edges') return 1;
  return lengthOf(argument('ids') ?? argument('runIds') ?? argument('attempts')) ?? LENGTHS.get(place) ?? MAX_PAGE;
}

/** Whether the field returns a connection, or the first items of a list. */
const isPage = (field: Field): boolean => field.args.some(({ name }) => name === 'first');

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

/** Whether this list has a length that the cost rule knows. */
export const isMeasured = (field: Field, place: string): boolean =>
  LENGTHS.has(place) || field.args.some(({ name }) => LENGTH_ARGUMENTS.includes(name));

/** The places that this file names. A test compares them with the schema. */
export const namedPlaces = (): string[] => [...LENGTHS.keys(), ...READ.keys()];

/** The field that a node selects; undefined if the type has none by this name. */
export function fieldOf(node: FieldNode, parent: GraphQLOutputType | undefined): Field | undefined {
  const named = parent && getNamedType(parent);
  const fields = named && 'getFields' in named ? named.getFields() : {};
  return fields[node.name.value] as Field | undefined;
}
