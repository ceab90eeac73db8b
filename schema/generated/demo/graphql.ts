/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type CreateRegistrationTokenInput = {
  expiresInSeconds?: number | null | undefined;
  label: string;
  /** How many runners may register with it; null is without limit. */
  uses?: number | null | undefined;
};

export type CreateRunInput = {
  /** See runConfigSchema. */
  config: Record<string, unknown>;
  /** Default: method, labels and seed. */
  name?: string | null | undefined;
  /** Higher is claimed earlier; default 0. */
  priority?: number | null | undefined;
  studyId?: string | null | undefined;
  tags?: Array<string> | null | undefined;
};

/** base: a run configuration without its method, and without its split, but for a seed, where the matrix names splits; matrix: {methods, labelledRatios or splits, backbones, seeds}, every combination one run. */
export type CreateStudyInput = {
  base: Record<string, unknown>;
  description?: string | null | undefined;
  matrix: Record<string, unknown>;
  name: string;
  priority?: number | null | undefined;
  tags?: Array<string> | null | undefined;
};

export type RunState =
  | 'CANCELED'
  | 'CANCELING'
  | 'COMPLETED'
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING';

export type RunnerState =
  | 'DRAINING'
  | 'OFFLINE'
  | 'ONLINE';

export type Subset =
  | 'TEST'
  | 'TRAIN'
  | 'VAL';

export type DemoRegistrationTokenMutationVariables = Exact<{
  input: CreateRegistrationTokenInput;
}>;


export type DemoRegistrationTokenMutation = { createRegistrationToken: { token: string } };

export type DemoRunnersQueryVariables = Exact<{ [key: string]: never; }>;


export type DemoRunnersQuery = { runners: Array<{ id: string, state: RunnerState, engine: string, device: string, datasets: Array<{ name: string, kind: string, trainImages: number, testImages: number, classes: Array<{ name: string }> }> }> };

export type DemoCreateStudyMutationVariables = Exact<{
  input: CreateStudyInput;
}>;


export type DemoCreateStudyMutation = { createStudy: { id: string } };

export type DemoStudiesQueryVariables = Exact<{ [key: string]: never; }>;


export type DemoStudiesQuery = { studies: { edges: Array<{ node: { id: string, name: string } }> } };

export type DemoProgressQueryVariables = Exact<{
  studyId: string;
}>;


export type DemoProgressQuery = { study: { runs: { edges: Array<{ node: { id: string, name: string, state: RunState, step: number, iterations: number, failure: string | null, evaluation: { step: number, meanIou: number | null } | null, series: Array<{ name: string, lastValue: number | 'NaN' | 'Infinity' | '-Infinity' }> } }> } } | null };

export type TableFieldsFragment = { subset: Subset, classes: Array<{ name: string }>, rows: Array<{ methodLabel: string, splitLabel: string, splitHash: string | null, n: number, meanIou: { mean: number, std: number | null } | null, pixelAccuracy: { mean: number, std: number | null } | null, frequencyWeightedIou: { mean: number, std: number | null } | null, classIous: Array<{ mean: number, std: number | null } | null> }> };

export type DemoTableQueryVariables = Exact<{
  studyId: string;
}>;


export type DemoTableQuery = { study: { table: { subset: Subset, classes: Array<{ name: string }>, rows: Array<{ methodLabel: string, splitLabel: string, splitHash: string | null, n: number, meanIou: { mean: number, std: number | null } | null, pixelAccuracy: { mean: number, std: number | null } | null, frequencyWeightedIou: { mean: number, std: number | null } | null, classIous: Array<{ mean: number, std: number | null } | null> }> } } | null };

export type StudyConfigsQueryVariables = Exact<{
  studyId: string;
}>;


export type StudyConfigsQuery = { study: { runs: { edges: Array<{ node: { config: Record<string, unknown> } }> } } | null };

export type StudyReportQueryVariables = Exact<{
  studyId: string;
  subset: Subset;
}>;


export type StudyReportQuery = { study: { name: string, description: string, runs: { edges: Array<{ node: { name: string, state: RunState, method: string, methodLabel: string, seed: number, config: Record<string, unknown>, startedAt: string | null, finishedAt: string | null, setup: { engine: string, device: string, labelledImages: number, unlabelledImages: number, parameters: number } | null, branch1: { step: number, meanIou: number | null } | null, branch2: { meanIou: number | null } | null, ensemble: { meanIou: number | null } | null } }> } } | null };

export type QueueRunMutationVariables = Exact<{
  input: CreateRunInput;
}>;


export type QueueRunMutation = { createRun: { id: string, name: string } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const TableFieldsFragmentDoc = new TypedDocumentString(`
    fragment TableFields on StudyTable {
  subset
  classes {
    name
  }
  rows {
    methodLabel
    splitLabel
    splitHash
    n
    meanIou {
      mean
      std
    }
    pixelAccuracy {
      mean
      std
    }
    frequencyWeightedIou {
      mean
      std
    }
    classIous {
      mean
      std
    }
  }
}
    `, {"fragmentName":"TableFields"}) as unknown as TypedDocumentString<TableFieldsFragment, unknown>;
export const DemoRegistrationTokenDocument = new TypedDocumentString(`
    mutation DemoRegistrationToken($input: CreateRegistrationTokenInput!) {
  createRegistrationToken(input: $input) {
    token
  }
}
    `) as unknown as TypedDocumentString<DemoRegistrationTokenMutation, DemoRegistrationTokenMutationVariables>;
export const DemoRunnersDocument = new TypedDocumentString(`
    query DemoRunners {
  runners {
    id
    state
    engine
    device
    datasets {
      name
      kind
      trainImages
      testImages
      classes {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DemoRunnersQuery, DemoRunnersQueryVariables>;
export const DemoCreateStudyDocument = new TypedDocumentString(`
    mutation DemoCreateStudy($input: CreateStudyInput!) {
  createStudy(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<DemoCreateStudyMutation, DemoCreateStudyMutationVariables>;
export const DemoStudiesDocument = new TypedDocumentString(`
    query DemoStudies {
  studies(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DemoStudiesQuery, DemoStudiesQueryVariables>;
export const DemoProgressDocument = new TypedDocumentString(`
    query DemoProgress($studyId: ID!) {
  study(id: $studyId) {
    runs(first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {
      edges {
        node {
          id
          name
          state
          step
          iterations
          failure
          evaluation(pick: NEWEST) {
            step
            meanIou
          }
          series {
            name
            lastValue
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DemoProgressQuery, DemoProgressQueryVariables>;
export const DemoTableDocument = new TypedDocumentString(`
    query DemoTable($studyId: ID!) {
  study(id: $studyId) {
    table {
      ...TableFields
    }
  }
}
    fragment TableFields on StudyTable {
  subset
  classes {
    name
  }
  rows {
    methodLabel
    splitLabel
    splitHash
    n
    meanIou {
      mean
      std
    }
    pixelAccuracy {
      mean
      std
    }
    frequencyWeightedIou {
      mean
      std
    }
    classIous {
      mean
      std
    }
  }
}`) as unknown as TypedDocumentString<DemoTableQuery, DemoTableQueryVariables>;
export const StudyConfigsDocument = new TypedDocumentString(`
    query StudyConfigs($studyId: ID!) {
  study(id: $studyId) {
    runs(first: 100) {
      edges {
        node {
          config
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudyConfigsQuery, StudyConfigsQueryVariables>;
export const StudyReportDocument = new TypedDocumentString(`
    query StudyReport($studyId: ID!, $subset: Subset!) {
  study(id: $studyId) {
    name
    description
    runs(first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {
      edges {
        node {
          name
          state
          method
          methodLabel
          seed
          config
          startedAt
          finishedAt
          setup {
            engine
            device
            labelledImages
            unlabelledImages
            parameters
          }
          branch1: evaluation(subset: $subset, network: BRANCH1) {
            step
            meanIou
          }
          branch2: evaluation(subset: $subset, network: BRANCH2) {
            meanIou
          }
          ensemble: evaluation(subset: $subset, network: ENSEMBLE) {
            meanIou
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudyReportQuery, StudyReportQueryVariables>;
export const QueueRunDocument = new TypedDocumentString(`
    mutation QueueRun($input: CreateRunInput!) {
  createRun(input: $input) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<QueueRunMutation, QueueRunMutationVariables>;