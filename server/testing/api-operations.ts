import { FIXED_ACCOUNTS } from '../accounts/account.entity.js';
import { reportOf, runnerInfo } from './runner-inputs.js';
import { type Claimed, runConfig } from './test-server.js';

/** A document, and valid values for its variables, which tests replace one at a time. */
export type Operation = [document: string, variables: () => Record<string, unknown>];

export const operationsOfPeople = (runId: string, runnerId: string): Operation[] => [
  [
    `query ($filter: RunFilter, $where: RunWhere, $query: String, $orderBy: RunOrder, $first: Int!, $after: String) {
       runs(filter: $filter, where: $where, query: $query, orderBy: $orderBy, first: $first, after: $after) {
         totalCount } }`,
    () => ({
      filter: {
        studyId: runId,
        states: ['QUEUED'],
        methods: ['cps'],
        dataset: 'shapes',
        splitHash: 's',
        tags: ['t'],
        search: 's',
      },
      where: {
        or: [
          { field: { path: 'method' }, op: 'EQ', value: 'cps' },
          { field: { metric: 'loss' }, op: 'LT', value: 1 },
          {
            field: { score: 'IOU', class: 'disc', network: 'BRANCH1', subset: 'VAL', pick: 'BEST' },
            op: 'LT',
            value: 1,
          },
          { field: { alarm: 'DROP' }, value: true },
        ],
      },
      query: 'state = running',
      orderBy: { field: 'NAME', direction: 'ASC' },
      first: 5,
      after: null,
    }),
  ],
  [
    'query ($sort: String, $sortBy: [RunSortKey!]) { a: runs(sort: $sort) { totalCount } b: runs(sortBy: $sortBy) { totalCount } }',
    () => ({ sort: 'miou desc', sortBy: [{ field: { path: 'name' }, direction: 'ASC' }] }),
  ],
  [
    `query ($by: [String!]!, $values: [String!]!, $where: RunWhere, $query: String, $sort: String) {
       runGroups(by: $by, values: $values, where: $where, query: $query, sort: $sort) { totalCount } }`,
    () => ({
      ...{ by: ['method'], values: ['miou'], sort: 'count desc', query: 'state = running' },
      where: { field: { path: 'method' }, op: 'EQ', value: 'cps' },
    }),
  ],
  [
    'query ($first: Int!, $after: String, $query: String) { studies(first: $first, after: $after, query: $query) { totalCount } }',
    () => ({ first: 1, after: 'x', query: 'state = running' }),
  ],
  ['query ($id: ID!) { node(id: $id) { id } }', () => ({ id: runId })],
  ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', () => ({ ids: [runId] })],
  ['query ($id: ID) { run(id: $id) { id } }', () => ({ id: runId })],
  ['query ($number: Int) { run(number: $number) { id } }', () => ({ number: 1 })],
  [
    'query ($id: ID, $fields: [String!]!) { run(id: $id) { values(fields: $fields) } }',
    () => ({ id: runId, fields: ['state'] }),
  ],
  [
    `query ($id: ID, $names: [String!], $maxPoints: Int!, $fromStep: Int, $toStep: Int, $last: Int!, $after: ID, $step: Int) {
       run(id: $id) { metrics(names: $names, maxPoints: $maxPoints, fromStep: $fromStep, toStep: $toStep) { name }
         evaluations(fromStep: $fromStep, toStep: $toStep) { id } pseudoLabels(fromStep: $fromStep, toStep: $toStep) { step }
         log(last: $last, after: $after) { id } samples(step: $step) { imageId } } }`,
    () => ({ id: runId, names: ['loss'], maxPoints: 5, fromStep: 0, toStep: 9, last: 5, after: '1', step: 1 }),
  ],
  [
    `query ($id: ID, $before: ID) { run(id: $id) { log(before: $before) { id } edits(before: $before) { id } } }`,
    () => ({ id: runId, before: '1' }),
  ],
  [
    'mutation ($id: ID!, $input: UpdateRunInput!) { updateRun(id: $id, input: $input) { id } }',
    () => ({ id: crypto.randomUUID(), input: { name: 'n', addTags: ['t'], removeTags: ['u'], notes: 'n' } }),
  ],
  [
    'mutation ($query: String, $input: UpdateRunInput!) { updateRuns(query: $query, input: $input) { changed } }',
    () => ({ query: 'name = nothing', input: { tags: ['t'] } }),
  ],
  ...['cancelRuns', 'retryRuns', 'deleteRuns'].map(
    (name): Operation => [
      `mutation ($query: String) { ${name}(query: $query) { changed } }`,
      () => ({ query: 'name = nothing' }),
    ],
  ),
  [
    'mutation ($id: ID!, $input: UpdateStudyInput!) { updateStudy(id: $id, input: $input) { id } }',
    () => ({
      id: crypto.randomUUID(),
      input: { name: 'n', description: 'd', addTags: ['t'], removeTags: ['u'], baselineRunId: runId },
    }),
  ],
  [
    'mutation ($input: CreateSavedFilterInput!) { createSavedFilter(input: $input) { id } }',
    () => ({ input: { name: 'n', query: 'seed = 1', columns: ['seed'], sort: 'seed' } }),
  ],
  [
    'mutation ($id: ID!, $input: UpdateSavedFilterInput!) { updateSavedFilter(id: $id, input: $input) { id } }',
    () => ({ id: crypto.randomUUID(), input: { name: 'n', query: 'seed = 1', columns: ['seed'], sort: 'seed' } }),
  ],
  ['mutation ($id: ID!) { deleteSavedFilter(id: $id) }', () => ({ id: crypto.randomUUID() })],
  ...['undrainRunner', 'pauseRunner', 'resumeRunner'].map(
    (name): Operation => [`mutation ($id: ID!) { ${name}(id: $id) { id } }`, () => ({ id: crypto.randomUUID() })],
  ),
  [
    'mutation ($id: ID!, $name: String!) { renameRunner(id: $id, name: $name) { id } }',
    () => ({ id: crypto.randomUUID(), name: 'n' }),
  ],
  ['mutation ($id: ID!) { rotateRunnerToken(id: $id) { token } }', () => ({ id: crypto.randomUUID() })],
  ['query ($id: ID!) { study(id: $id) { id } }', () => ({ id: runId })],
  ['query ($id: ID!) { runner(id: $id) { id } }', () => ({ id: runnerId })],
  ['query ($name: String!) { dataset(name: $name) { id } }', () => ({ name: 'shapes' })],
  [
    `query ($runIds: [ID!]!, $names: [String!], $maxPoints: Int!, $fromTime: Float, $toTime: Float) {
       histories(runIds: $runIds, names: $names, maxPoints: $maxPoints, fromTime: $fromTime, toTime: $toTime, by: TIME) { name } }`,
    () => ({ runIds: [runId], names: ['loss'], maxPoints: 5, fromTime: 0, toTime: 2e12 }),
  ],
  [
    'query ($runIds: [ID!]!, $step: Int) { compareClassIous(runIds: $runIds, step: $step) { run { id } } }',
    () => ({ runIds: [runId], step: 1 }),
  ],
  ['query ($runIds: [ID!]!) { compareConfigs(runIds: $runIds) { equalSettings } }', () => ({ runIds: [runId] })],
  [
    'query ($runIds: [ID!]!, $image: String!, $step: Int) { compareSamples(runIds: $runIds, image: $image, step: $step) { step } }',
    () => ({ runIds: [runId], image: 'i', step: 1 }),
  ],
  [
    `query ($runIds: [ID!]!, $classes: [String!], $fromStep: Int, $toStep: Int) {
       classHistories(runIds: $runIds, classes: $classes, fromStep: $fromStep, toStep: $toStep) { steps } }`,
    () => ({ runIds: [runId], classes: ['disc'], fromStep: 0, toStep: 9 }),
  ],
  [
    'query ($from: EvaluationRefInput!, $to: EvaluationRefInput!) { classChanges(from: $from, to: $to) { warnings } }',
    () => ({ from: { runId, step: 1 }, to: { runId } }),
  ],
  [
    `query ($id: ID, $classes: [String!], $top: Int!, $truth: String, $prediction: String) {
       run(id: $id) { evaluation { classScores(classes: $classes) { ious } confusionMatrix(classes: $classes) { counts }
         mostConfused(top: $top, truth: $truth, prediction: $prediction) { pixels } } } }`,
    () => ({ id: runId, classes: ['disc'], top: 5, truth: 'disc', prediction: 'box' }),
  ],
  [
    'query ($id: ID, $forClass: String) { run(id: $id) { labelNext(forClass: $forClass, first: 1) { __typename } } }',
    () => ({ id: runId, forClass: 'disc' }),
  ],
  ['mutation ($id: ID!) { cancelRun(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { retryRun(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { deleteRun(id: $id) }', () => ({ id: crypto.randomUUID() })],
  [
    `query ($where: RunWhere, $query: String, $rows: [String!]!, $columns: [String!]!, $value: String!, $beside: [String!]!, $baseline: ID) {
       runsPivot(where: $where, query: $query, rows: $rows, columns: $columns, value: $value, baseline: $baseline) {
         runCount render(format: TEXT, beside: $beside) } }`,
    () => ({
      where: { field: { path: 'method' }, value: 'cps' },
      query: 'seed >= 0',
      rows: ['method'],
      columns: ['seed'],
      value: 'miou',
      beside: ['rare_miou'],
      baseline: runId,
    }),
  ],
  [
    'mutation ($studyId: ID!) { queueMissingRuns(studyId: $studyId) { count } }',
    () => ({ studyId: crypto.randomUUID() }),
  ],
  [
    'mutation ($id: ID!, $matrix: JSONObject!) { extendStudy(id: $id, matrix: $matrix) { count } }',
    () => ({ id: crypto.randomUUID(), matrix: { methods: [runConfig().method] } }),
  ],
  ['mutation ($id: ID!) { deleteStudy(id: $id) }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { drainRunner(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { removeRunner(id: $id) }', () => ({ id: crypto.randomUUID() })],
  [
    'query ($accountId: ID!) { tokens(accountId: $accountId) { totalCount } }',
    () => ({ accountId: FIXED_ACCOUNTS.admin.id }),
  ],
  [
    'query ($filter: AuditFilter!) { auditLog(filter: $filter) { totalCount } }',
    () => ({ filter: { accountId: FIXED_ACCOUNTS.admin.id, operation: 'createRun' } }),
  ],
  [
    'mutation ($accountId: ID!) { createToken(accountId: $accountId, label: "a") { id } }',
    () => ({ accountId: FIXED_ACCOUNTS.admin.id }),
  ],
  [
    'mutation ($id: ID!, $limit: Int!) { setRunnerSlotLimit(id: $id, limit: $limit) { id } }',
    () => ({ id: crypto.randomUUID(), limit: 1 }),
  ],
  [
    'mutation ($name: String!, $runnerId: ID!) { transferDataset(name: $name, runnerId: $runnerId) { id } }',
    () => ({ name: 'n', runnerId: crypto.randomUUID() }),
  ],
  ['mutation ($label: String!) { createUserToken(label: $label) { id } }', () => ({ label: 'l' })],
  [
    'mutation ($input: CreateRegistrationTokenInput!) { createRegistrationToken(input: $input) { id } }',
    () => ({ input: { label: 'l', uses: 1, expiresInSeconds: 1 } }),
  ],
  [
    'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
    () => ({
      input: {
        ...{ name: 'n', studyId: crypto.randomUUID(), config: runConfig(), tags: ['t'], priority: -2147483648 },
        from: runId,
      },
    }),
  ],
  [
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    () => {
      const { dataset, split, method } = runConfig();
      const matrix = { methods: [method] };
      return {
        input: { name: 'n', description: 'd', base: { dataset, split }, matrix, tags: ['t'], priority: 2147483647 },
      };
    },
  ],
  [
    'mutation ($registrationToken: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $registrationToken, info: $info) { token } }',
    () => ({ registrationToken: 'x', info: runnerInfo() }),
  ],
];
/** Those of a runner that holds the attempt. `sequence` is the number of its next report. */
export const operationsOfRunner = (attempt: Claimed, sequence: () => number): Operation[] => [
  [
    'mutation ($attempts: [AttemptRefInput!]!, $problem: String) { heartbeat(attempts: $attempts, problem: $problem) { directive } }',
    () => ({ attempts: [{ attemptId: crypto.randomUUID(), fence: 1 }], problem: 'x' }),
  ],
  [
    'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged directive } }',
    () => ({ report: reportOf(attempt, sequence()) }),
  ],
  [
    'mutation ($attempt: AttemptRefInput!, $message: String) { finishAttempt(attempt: $attempt, outcome: FAILED, message: $message) { id } }',
    () => ({ attempt: { attemptId: crypto.randomUUID(), fence: 1 }, message: 'm' }),
  ],
  [
    'mutation ($instance: RunnerInstanceInput!) { releaseRunner(instance: $instance) }',
    () => ({ instance: { id: crypto.randomUUID(), host: 'h' } }),
  ],
  // Last, because it ends the attempt.
  ['mutation ($info: RunnerInfoInput!) { startRunner(info: $info) { leaseSeconds } }', () => ({ info: runnerInfo() })],
];
export const SUBSCRIPTIONS: Operation[] = [
  ['subscription ($runId: ID!) { runChanged(runId: $runId) { id } }', () => ({ runId: crypto.randomUUID() })],
  [
    'subscription ($studyId: ID, $query: String) { runsChanged(studyId: $studyId, query: $query) { id } }',
    () => ({ studyId: 'x', query: 'state = running' }),
  ],
  ['subscription ($studyId: ID) { alarmRaised(studyId: $studyId) { id } }', () => ({ studyId: 'x' })],
  [
    'subscription ($runId: ID!, $names: [String!], $sinceStep: Int) { runMetrics(runId: $runId, names: $names, sinceStep: $sinceStep) { name } }',
    () => ({ runId: crypto.randomUUID(), names: ['n'], sinceStep: 1 }),
  ],
  [
    'subscription ($runId: ID!, $names: [String!], $after: String) { runPoints(runId: $runId, names: $names, after: $after) { cursor } }',
    () => ({ runId: crypto.randomUUID(), names: ['n'], after: 'x' }),
  ],
  ...['runEvaluations', 'runSamples', 'runAlarms', 'runLog'].map(
    (field): Operation => [
      `subscription ($runId: ID!, $after: String) { ${field}(runId: $runId, after: $after) { cursor } }`,
      () => ({ runId: crypto.randomUUID(), after: 'x' }),
    ],
  ),
  [
    'subscription ($studyId: ID, $after: String) { alarmsRaised(studyId: $studyId, after: $after) { cursor } }',
    () => ({ studyId: crypto.randomUUID(), after: 'x' }),
  ],
  ['subscription ($studyId: ID!) { studyChanged(studyId: $studyId) { id } }', () => ({ studyId: crypto.randomUUID() })],
];
/** The paths of all texts within the variables. Enum values are refused by GraphQL itself. */
export function textsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

/** A copy of the variables with another value at the path. */
export function withValueAt(
  variables: Record<string, unknown>,
  path: string[],
  value: unknown,
): Record<string, unknown> {
  const copy = structuredClone(variables);
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
  parent[path.at(-1)!] = value;
  return copy;
}
