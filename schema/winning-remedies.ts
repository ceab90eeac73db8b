import type { StudyVariant } from './study-variants.js';

/**
 * The remedies for rare classes that `crosscheck study` trains beside the methods as they are; null for none. What won in the study
 * of docs/recipes/rare-classes.yaml belongs here, once docs/results shows that it also wins elsewhere:
 * `{ name: 'remedies', methods: ['supervised', 'cps_cutmix'], config: { balance: { … } } }`.
 */
export const WINNING_REMEDIES: StudyVariant | null = null;
