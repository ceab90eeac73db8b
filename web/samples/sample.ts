import type { RunSamplesQuery } from '../../schema/generated/web/graphql.js';

export type Sample = NonNullable<RunSamplesQuery['run']>['samples'][number];

/** classes: the label maps as they are; errors: only the pixels where a prediction differs from the ground truth. */
export type SampleView = 'classes' | 'errors';
