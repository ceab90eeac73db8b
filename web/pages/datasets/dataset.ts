import type { DatasetQuery } from '../../../schema/generated/web/graphql.js';

export type Dataset = NonNullable<DatasetQuery['dataset']>;
/** What the runner has counted. */
export type Facts = NonNullable<Dataset['facts']>;
