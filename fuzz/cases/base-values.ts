import { CLASSES, DATASET, hashOf, POOL } from '../world/names.js';
import type { Use, World } from '../world/world.js';

/** Makes a valid value for an input. Undefined leaves it out. */
export type BaseValue = (world: World, use: Use) => unknown;

const value =
  (constant: unknown): BaseValue =>
  () =>
    constant;
const PIXELS = 5;
const packed = ({ buffer }: { buffer: ArrayBufferLike }) => Buffer.from(buffer).toString('base64');
const counts = (length: number): BaseValue => value(new Array<number>(length).fill(PIXELS));
const cells = Array.from({ length: CLASSES ** 2 }, () => [1, PIXELS]).flat();

/** Names of accounts, and of the saved filters of an account, are unique. */
let accounts = 0;
let filters = 0;
/** What bulk changes match, so that they leave the world as it is. */
const NOTHING = 'name = "nothing"';

/**
 * A valid value for each input of the schema, by its key (`cancelRun.id`, `CreateRunInput.config`) or, if that is enough, by
 * its name alone (`first`). Enums and booleans need no entry. A spec fails if an input has no value here.
 */
export const BASE_VALUES: Record<string, BaseValue> = {
  // Runs and studies
  'run.id': (world) => world.id('run 1'),
  'run.number': value(2),
  'study.id': (world) => world.id('study 1'),
  'cancelRun.id': (world) => world.spare('run to cancel'),
  'retryRun.id': (world) => world.spare('run to retry'),
  'retryRun.maxHours': value(24),
  'heartbeat.problem': value('the disk of the runner is full'),
  'deleteRun.id': (world) => world.spare('run to delete'),
  'retryRun.copy': value(true),
  'updateRun.id': (world) => world.id('run 1'),
  ...Object.fromEntries(
    ['updateRuns', 'cancelRuns', 'retryRuns', 'deleteRuns'].flatMap((name) => [
      [`${name}.query`, value(NOTHING)],
      [`${name}.where`, value(undefined)],
    ]),
  ),
  'retryRuns.maxHours': value(24),
  expectedCount: value(0),
  addTags: value(['tag']),
  removeTags: value(['another tag']),
  // Either all tags or changes to them.
  'UpdateRunInput.tags': value(undefined),
  'UpdateStudyInput.tags': value(undefined),
  // Only queued runs have a priority to change, and many runs cannot have one name.
  'UpdateRunInput.priority': value(undefined),
  'UpdateRunInput.name': value(undefined),
  notes: value('**notes**'),
  'updateStudy.id': (world) => world.id('study 1'),
  'UpdateStudyInput.baselineRunId': value(null),
  'CreateRunInput.from': (world) => world.id('run 1'),
  'updateSavedFilter.id': (world) => world.spare('saved filter'),
  'deleteSavedFilter.id': (world) => world.spare('saved filter'),
  'CreateSavedFilterInput.name': () => `filter ${++filters}`,
  'UpdateSavedFilterInput.name': () => `filter ${++filters}`,
  'CreateSavedFilterInput.query': value('state = running'),
  'UpdateSavedFilterInput.query': value('state = failed'),
  columns: value(['miou', 'training.iterations']),
  'deleteStudy.id': (world) => world.spare('study to delete'),
  'CreateRunInput.config': (world) => world.config,
  'CreateStudyInput.base': (world) => {
    const { method: _, ...base } = world.config;
    return base;
  },
  'extendStudy.id': (world) => world.id('study 1'),
  'extendStudy.matrix': value({ seeds: [1, 2] }),
  'CreateStudyInput.matrix': value({ methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [1, 2] }),
  runId: (world) => world.id('run 0'),
  runIds: (world) => [world.id('run 0'), world.id('run 1')],
  studyId: (world) => world.id('study 0'),
  name: value('a name'),
  description: value('a description'),
  priority: value(1),
  tags: value(['tag', 'another tag']),

  // Lists
  first: value(5),
  after: value(undefined),
  'node.id': (world) => world.id('run 1'),
  'nodes.ids': (world) => [world.id('run 1'), world.id('study 1')],
  before: value(undefined),
  search: value('run 1'),
  dataset: value(DATASET),
  methods: value(['cps']),
  splitHash: value(hashOf('split')),
  'runsPivot.query': value('state = completed'),
  rows: value(['method']),
  'runsPivot.columns': value(['split.labelledRatio']),
  'Study.pivot.columns': value(['split.labelledRatio']),
  baseline: value(undefined),
  digits: value(2),
  beside: value(['rare_miou']),
  'runsPivot.value': value('miou'),
  'Study.pivot.value': value('miou'),
  where: value({ field: { path: 'method' }, op: 'EQ', value: 'cps' }),
  sort: value('iou("class 1") desc, network.width, created'),
  fields: value(['state', 'network.width', 'iou("class 1", pick: best)', 'last("loss")']),
  'runGroups.by': value(['method', 'network.width']),
  'runGroups.values': value(['miou', 'iou("class 1")']),
  'runGroups.query': value('state = completed'),
  'runGroups.sort': value('miou desc, count'),
  'Study.runs.query': value('state = running'),
  'studies.query': value('state = running'),
  'runsChanged.query': value('state = running'),
  'runs.query': value('state = running or iou("class 1") < 5%'),
  'RunWhere.value': value('cps'),
  sortBy: value([{ field: { path: 'method' }, direction: 'DESC' }]),
  'FilterFieldInput.path': value('method'),
  'FilterFieldInput.metric': value('loss'),
  'FilterFieldInput.class': value('class 1'),
  'FilterFieldInput.network': value('ENSEMBLE'),
  'FilterFieldInput.subset': value('VAL'),
  'FilterFieldInput.pick': value('BEST'),
  'FilterFieldInput.alarm': value('DROP'),

  // Results of a run
  // Alarms about the data are never over.
  'AlarmEndInput.kind': value('DROP'),
  'Run.log.after': value('1'),
  'Run.log.before': value('100'),
  'Run.log.last': value(20),
  // Not together with `first`.
  last: value(undefined),
  fromStep: value(1),
  toStep: value(900),
  sinceStep: value(0),
  fromTime: value(0),
  toTime: value(2e12),
  maxPoints: value(100),
  names: value(['loss', 'miou/branch1']),
  'Run.samples.step': value(500),
  // With a step, BEST would be refused.
  'Run.evaluation.step': value(undefined),
  'compareClassIous.step': value(undefined),
  'EvaluationRefInput.step': value(500),
  'EvaluationRefInput.pick': value('NEWEST'),
  'EvaluationRefInput.subset': value('VAL'),
  classes: value(['class 1', 'class 0']),
  top: value(5),
  forClass: value('class 1'),
  class: value('class 1'),
  'compareSamples.image': value('image'),
  'compareSamples.step': value(400),
  truth: value('class 0'),
  prediction: value('class 1'),

  // Runners and datasets
  'runner.id': (world) => world.id('runner of claimRun'),
  'drainRunner.id': (world) => world.spare('runner to drain'),
  'removeRunner.id': (world) => world.spare('runner to remove'),
  // The same for every call, because another instance would be refused.
  'RunnerInstanceInput.id': value('3f0c5a1e-7f52-4d0b-9a54-0d7f6b1c2e8a'),
  'dataset.name': value(DATASET),
  // Only one of the two may be given.
  'dataset.id': value(undefined),
  'DatasetInput.name': value(DATASET),
  'DatasetInput.kind': value('shapes'),
  'DatasetInput.classes': value(
    Array.from({ length: CLASSES }, (_, index) => ({ name: `class ${index}`, color: '#102030' })),
  ),
  'DatasetInput.fingerprint': value(hashOf(DATASET)),
  'DatasetInput.warnings': value(['3 images with an EXIF orientation tag']),
  'DatasetInput.facts': value({
    parts: [
      {
        ...{ part: 'TRAIN', images: 64, sizes: [{ width: 64, height: 64, images: 64 }], bits: [8], ignoredPixels: 0 },
        classes: Array.from({ length: CLASSES }, () => ({ pixels: 9, images: 3, components: null })),
      },
    ],
    splits: [],
    duplicates: { groups: 0, acrossSubsets: 0, near: 0 },
  }),
  trainImages: value(64),
  unlabelledImages: value(0),
  valImages: value(16),
  testImages: value(16),
  ignoreIndex: value(255),
  color: value('#102030'),
  host: value('lab'),
  engine: value('wasm'),
  device: value('cpu'),
  version: value('1'),
  commit: value('0123456789abcdef'),
  pool: value(POOL),
  slots: value(1),
  protocolVersion: value(2),
  configVersion: value(1),
  gpuMemoryBytes: value(8e9),

  // Attempts and their reports
  attemptId: (world, use) => world.attempt(use),
  fence: value(1),
  sequence: value(1),
  step: value(10),
  steps: value([10, 11]),
  values: value([0.5, 'NaN']),
  times: value([Date.UTC(2025, 0, 1), Date.UTC(2025, 0, 2)]),
  series: value('loss'),
  'PackedPointsInput.series': value(['loss']),
  'PackedPointsInput.counts': value([2]),
  'PackedPointsInput.steps': value(packed(new Int32Array([10, 11]))),
  'PackedPointsInput.values': value(packed(new Float64Array([0.5, Number.NaN]))),
  'PackedPointsInput.times': value(packed(new Float64Array([Date.UTC(2025, 0, 1), Date.UTC(2025, 0, 2)]))),
  message: value('a message'),
  at: value('2025-01-01T00:00:00Z'),
  classIndex: value(1),
  confusion: counts(CLASSES * CLASSES),
  'EvaluationImagesInput.ids': value(['image']),
  // Every cell has as many pixels as in the confusion matrix.
  'EvaluationImagesInput.counts': value(Buffer.from([CLASSES ** 2, ...cells]).toString('base64')),
  // Only one of the two may be given, with an order that takes a class.
  'EvaluationImageOrder.classIndex': value(undefined),
  'EvaluationImageOrder.field': value('CLASS_IOU'),
  labelledPixels: counts(CLASSES),
  pseudoPixels: counts(CLASSES),
  undecidedPixels: value(3),
  imageId: value('image'),
  width: value(8),
  height: value(8),
  sha256: (world) => world.blob.sha256,
  bytes: (world) => world.blob.bytes,
  labelledImages: value(8),
  parameters: value(1000),
  secondParameters: value(1000),
  classWeights: counts(CLASSES),
  logitOffsets: counts(CLASSES),
  'EvaluationInput.confidences': value(Array.from({ length: CLASSES }, () => 0.5)),
  'ClassCountsInput.labelledImages': counts(CLASSES),
  disagreement: value(0.1),
  entropy: value(0.2),
  confidence: value(0.8),
  predicted: counts(CLASSES),
  expected: counts(CLASSES),
  uncertain: counts(CLASSES),
  disputed: counts(CLASSES),
  hash: value('0123456789abcdef'),
  takenFor: value(0),
  pixels: value(4),
  left: value(1),
  'LabelDoubtInput.top': value(1),
  right: value(5),
  bottom: value(5),
  labelProbability: value(0.1),
  otherProbability: value(0.8),
  crops: value(1000),
  cropsWithClass: counts(CLASSES),

  // People and tokens
  'createAccount.name': (_, { worker }) => `somebody ${worker} ${++accounts}`,
  'updateAccount.id': (world) => world.spare('account to change'),
  'revokeToken.id': (world) => world.spare('token to revoke'),
  'rotateToken.id': (world) => world.spare('token to rotate'),
  accountId: value(undefined),
  'createToken.accountId': (world) => world.accountForTokens,
  share: value(1),
  overlapSeconds: value(0),
  'AuditFilter.from': value('2025-01-01T00:00:00Z'),
  'AuditFilter.to': value('2125-01-01T00:00:00Z'),
  operation: value('cancelRun'),

  // What an admin says about runners
  'setRunnerSlotLimit.id': (world) => world.spare('runner to drain'),
  'setRunnerSlotLimit.limit': value(4),
  'undrainRunner.id': (world) => world.spare('runner to drain'),
  'pauseRunner.id': (world) => world.spare('runner to drain'),
  'resumeRunner.id': (world) => world.spare('runner to drain'),
  'renameRunner.id': (world) => world.spare('runner to drain'),
  'rotateRunnerToken.id': (world) => world.spare('runner to drain'),
  'transferDataset.name': value('unused'),
  'transferDataset.runnerId': (world) => world.spare('runner to drain'),

  registrationToken: (world) => world.registrationToken,
  label: value('a label'),
  uses: value(5),
  expiresInSeconds: value(3600),
};

/** Arguments of which a call gives only one. The first is given unless the second is under test. */
export const ALTERNATIVES: readonly (readonly [string, string])[] = [
  ['run.id', 'run.number'],
  ...['runs', 'Study.runs'].flatMap((list) => [
    [`${list}.sort`, `${list}.sortBy`] as const,
    [`${list}.sort`, `${list}.orderBy`] as const,
  ]),
];
