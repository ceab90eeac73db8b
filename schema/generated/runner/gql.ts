/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation RegisterRunner($registrationToken: String!, $info: RunnerInfoInput!) {\n  registerRunner(registrationToken: $registrationToken, info: $info) {\n    token\n    runner {\n      id\n      name\n    }\n  }\n}\n\nmutation StartRunner($info: RunnerInfoInput!) {\n  startRunner(info: $info) {\n    heartbeatSeconds\n    leaseSeconds\n    pollSeconds\n    runner {\n      id\n      name\n      state\n      slotLimit\n    }\n  }\n}\n\nmutation ClaimRun {\n  claimRun {\n    attemptId\n    fence\n    leaseSeconds\n    heartbeatSeconds\n    run {\n      id\n      number\n      name\n      config\n      iterations\n    }\n    resumeFrom {\n      step\n      sha256\n      bytes\n      url\n    }\n  }\n}\n\nmutation Heartbeat($attempts: [AttemptRefInput!]!, $problem: String) {\n  heartbeat(attempts: $attempts, problem: $problem) {\n    attemptId\n    directive\n  }\n}\n\nmutation ReportAttempt($report: AttemptReportInput!) {\n  reportAttempt(report: $report) {\n    acknowledged\n    directive\n  }\n}\n\nmutation FinishAttempt($attempt: AttemptRefInput!, $outcome: AttemptOutcome!, $message: String) {\n  finishAttempt(attempt: $attempt, outcome: $outcome, message: $message) {\n    id\n    state\n  }\n}\n\nsubscription RunQueued {\n  runQueued\n}\n\nquery RunnerStatus($id: ID!) {\n  server {\n    version\n  }\n  runner(id: $id) {\n    id\n    name\n    state\n    engine\n    device\n    problem\n    lastSeenAt\n    activeAttempts {\n      attempt {\n        fence\n        startedAt\n      }\n      run {\n        number\n        name\n        step\n        iterations\n      }\n    }\n  }\n}": typeof types.RegisterRunnerDocument,
};
const documents: Documents = {
    "mutation RegisterRunner($registrationToken: String!, $info: RunnerInfoInput!) {\n  registerRunner(registrationToken: $registrationToken, info: $info) {\n    token\n    runner {\n      id\n      name\n    }\n  }\n}\n\nmutation StartRunner($info: RunnerInfoInput!) {\n  startRunner(info: $info) {\n    heartbeatSeconds\n    leaseSeconds\n    pollSeconds\n    runner {\n      id\n      name\n      state\n      slotLimit\n    }\n  }\n}\n\nmutation ClaimRun {\n  claimRun {\n    attemptId\n    fence\n    leaseSeconds\n    heartbeatSeconds\n    run {\n      id\n      number\n      name\n      config\n      iterations\n    }\n    resumeFrom {\n      step\n      sha256\n      bytes\n      url\n    }\n  }\n}\n\nmutation Heartbeat($attempts: [AttemptRefInput!]!, $problem: String) {\n  heartbeat(attempts: $attempts, problem: $problem) {\n    attemptId\n    directive\n  }\n}\n\nmutation ReportAttempt($report: AttemptReportInput!) {\n  reportAttempt(report: $report) {\n    acknowledged\n    directive\n  }\n}\n\nmutation FinishAttempt($attempt: AttemptRefInput!, $outcome: AttemptOutcome!, $message: String) {\n  finishAttempt(attempt: $attempt, outcome: $outcome, message: $message) {\n    id\n    state\n  }\n}\n\nsubscription RunQueued {\n  runQueued\n}\n\nquery RunnerStatus($id: ID!) {\n  server {\n    version\n  }\n  runner(id: $id) {\n    id\n    name\n    state\n    engine\n    device\n    problem\n    lastSeenAt\n    activeAttempts {\n      attempt {\n        fence\n        startedAt\n      }\n      run {\n        number\n        name\n        step\n        iterations\n      }\n    }\n  }\n}": types.RegisterRunnerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RegisterRunner($registrationToken: String!, $info: RunnerInfoInput!) {\n  registerRunner(registrationToken: $registrationToken, info: $info) {\n    token\n    runner {\n      id\n      name\n    }\n  }\n}\n\nmutation StartRunner($info: RunnerInfoInput!) {\n  startRunner(info: $info) {\n    heartbeatSeconds\n    leaseSeconds\n    pollSeconds\n    runner {\n      id\n      name\n      state\n      slotLimit\n    }\n  }\n}\n\nmutation ClaimRun {\n  claimRun {\n    attemptId\n    fence\n    leaseSeconds\n    heartbeatSeconds\n    run {\n      id\n      number\n      name\n      config\n      iterations\n    }\n    resumeFrom {\n      step\n      sha256\n      bytes\n      url\n    }\n  }\n}\n\nmutation Heartbeat($attempts: [AttemptRefInput!]!, $problem: String) {\n  heartbeat(attempts: $attempts, problem: $problem) {\n    attemptId\n    directive\n  }\n}\n\nmutation ReportAttempt($report: AttemptReportInput!) {\n  reportAttempt(report: $report) {\n    acknowledged\n    directive\n  }\n}\n\nmutation FinishAttempt($attempt: AttemptRefInput!, $outcome: AttemptOutcome!, $message: String) {\n  finishAttempt(attempt: $attempt, outcome: $outcome, message: $message) {\n    id\n    state\n  }\n}\n\nsubscription RunQueued {\n  runQueued\n}\n\nquery RunnerStatus($id: ID!) {\n  server {\n    version\n  }\n  runner(id: $id) {\n    id\n    name\n    state\n    engine\n    device\n    problem\n    lastSeenAt\n    activeAttempts {\n      attempt {\n        fence\n        startedAt\n      }\n      run {\n        number\n        name\n        step\n        iterations\n      }\n    }\n  }\n}"): typeof import('./graphql.js').RegisterRunnerDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
