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
    "mutation DemoRegistrationToken($input: CreateRegistrationTokenInput!) {\n  createRegistrationToken(input: $input) {\n    token\n  }\n}\n\nquery DemoRunners {\n  runners {\n    id\n    state\n    engine\n    device\n    datasets {\n      name\n      kind\n      trainImages\n      testImages\n      classes {\n        name\n      }\n    }\n  }\n}\n\nmutation DemoCreateStudy($input: CreateStudyInput!) {\n  createStudy(input: $input) {\n    id\n  }\n}\n\nquery DemoStudies {\n  studies(first: 100) {\n    edges {\n      node {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery DemoProgress($studyId: ID!) {\n  study(id: $studyId) {\n    runs(first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {\n      edges {\n        node {\n          id\n          name\n          state\n          step\n          iterations\n          failure\n          evaluation(pick: NEWEST) {\n            step\n            meanIou\n          }\n          series {\n            name\n            lastValue\n          }\n        }\n      }\n    }\n  }\n}\n\nquery DemoTable($studyId: ID!) {\n  study(id: $studyId) {\n    table {\n      subset\n      classes {\n        name\n      }\n      rows {\n        methodLabel\n        splitLabel\n        splitHash\n        n\n        meanIou {\n          mean\n          std\n        }\n        classIous {\n          mean\n          std\n        }\n      }\n    }\n  }\n}\n\nmutation QueueRun($input: CreateRunInput!) {\n  createRun(input: $input) {\n    id\n    name\n  }\n}": typeof types.DemoRegistrationTokenDocument,
};
const documents: Documents = {
    "mutation DemoRegistrationToken($input: CreateRegistrationTokenInput!) {\n  createRegistrationToken(input: $input) {\n    token\n  }\n}\n\nquery DemoRunners {\n  runners {\n    id\n    state\n    engine\n    device\n    datasets {\n      name\n      kind\n      trainImages\n      testImages\n      classes {\n        name\n      }\n    }\n  }\n}\n\nmutation DemoCreateStudy($input: CreateStudyInput!) {\n  createStudy(input: $input) {\n    id\n  }\n}\n\nquery DemoStudies {\n  studies(first: 100) {\n    edges {\n      node {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery DemoProgress($studyId: ID!) {\n  study(id: $studyId) {\n    runs(first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {\n      edges {\n        node {\n          id\n          name\n          state\n          step\n          iterations\n          failure\n          evaluation(pick: NEWEST) {\n            step\n            meanIou\n          }\n          series {\n            name\n            lastValue\n          }\n        }\n      }\n    }\n  }\n}\n\nquery DemoTable($studyId: ID!) {\n  study(id: $studyId) {\n    table {\n      subset\n      classes {\n        name\n      }\n      rows {\n        methodLabel\n        splitLabel\n        splitHash\n        n\n        meanIou {\n          mean\n          std\n        }\n        classIous {\n          mean\n          std\n        }\n      }\n    }\n  }\n}\n\nmutation QueueRun($input: CreateRunInput!) {\n  createRun(input: $input) {\n    id\n    name\n  }\n}": types.DemoRegistrationTokenDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DemoRegistrationToken($input: CreateRegistrationTokenInput!) {\n  createRegistrationToken(input: $input) {\n    token\n  }\n}\n\nquery DemoRunners {\n  runners {\n    id\n    state\n    engine\n    device\n    datasets {\n      name\n      kind\n      trainImages\n      testImages\n      classes {\n        name\n      }\n    }\n  }\n}\n\nmutation DemoCreateStudy($input: CreateStudyInput!) {\n  createStudy(input: $input) {\n    id\n  }\n}\n\nquery DemoStudies {\n  studies(first: 100) {\n    edges {\n      node {\n        id\n        name\n      }\n    }\n  }\n}\n\nquery DemoProgress($studyId: ID!) {\n  study(id: $studyId) {\n    runs(first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {\n      edges {\n        node {\n          id\n          name\n          state\n          step\n          iterations\n          failure\n          evaluation(pick: NEWEST) {\n            step\n            meanIou\n          }\n          series {\n            name\n            lastValue\n          }\n        }\n      }\n    }\n  }\n}\n\nquery DemoTable($studyId: ID!) {\n  study(id: $studyId) {\n    table {\n      subset\n      classes {\n        name\n      }\n      rows {\n        methodLabel\n        splitLabel\n        splitHash\n        n\n        meanIou {\n          mean\n          std\n        }\n        classIous {\n          mean\n          std\n        }\n      }\n    }\n  }\n}\n\nmutation QueueRun($input: CreateRunInput!) {\n  createRun(input: $input) {\n    id\n    name\n  }\n}"): typeof import('./graphql.js').DemoRegistrationTokenDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
