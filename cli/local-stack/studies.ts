import type { StudyPlan } from '../../schema/demo-config.js';
import { UserError } from '../../schema/exit-codes.js';
import {
  CreateStudyDocument,
  StudiesDocument,
  type StudiesQuery,
  StudyConfigsDocument,
  StudyTableDocument,
} from '../../schema/generated/cli/graphql.js';
import type { RunConfig, RunConfigInput } from '../../schema/run-config.js';
import { expandMatrix } from '../../schema/study-matrix.js';
import type { Api } from '../api.js';
import type { ProgressRun } from '../output/progress.js';
import { renderTable } from '../output/table.js';

type Study = StudiesQuery['studies']['edges'][number]['node'];

export const isUnfinished = ({ runCounts }: Study): boolean => runCounts.queued + runCounts.running > 0;

/**
 * Resumes the newest study that has the plan's name and that `isOurs` accepts, or creates a new one.
 * @returns its id, and whether it is resumed
 * @throws UserError if that study has other settings than the plan: it would answer another question
 */
export async function beginOrResume(
  api: Api,
  plan: StudyPlan,
  isOurs: (study: Study) => boolean,
): Promise<{ id: string; resumed: boolean }> {
  const { studies } = await api.send(StudiesDocument, {});
  const begun = studies.edges.find(({ node }) => node.name === plan.name && isOurs(node))?.node;
  if (begun) {
    await refuseOtherSettings(api, begun.id, plan);
    return { id: begun.id, resumed: true };
  }
  const { createStudy } = await api.send(CreateStudyDocument, { input: plan });
  return { id: createStudy.id, resumed: false };
}

async function refuseOtherSettings(api: Api, studyId: string, plan: StudyPlan): Promise<void> {
  const { study: begun } = await api.send(StudyConfigsDocument, { studyId });
  const had = settingsOf(begun?.runs.edges.map(({ node }) => node.config as RunConfig) ?? []);
  const wanted = settingsOf(expandMatrix(plan.base, plan.matrix));
  if (had === wanted) return;
  throw new UserError(
    `"${plan.name}" was started in this home with ${had}, not ${wanted}; use the same options, or another --home`,
  );
}

/** The settings, written as command line options. */
function settingsOf(runs: readonly Pick<RunConfigInput, 'split' | 'training' | 'seed'>[]): string {
  const split = runs[0]?.split;
  const labelled = split && 'labelledImages' in split ? [`--labelled ${split.labelledImages}`] : [];
  const seeds = labelled.length > 0 ? [`--seeds ${new Set(runs.map(({ seed }) => seed)).size}`] : [];
  return [...labelled, ...seeds, `--iterations ${runs[0]?.training?.iterations}`].join(' ');
}

/** Prints a study's table and the runs that did not complete. Returns the table, or null if the study no longer exists. */
export async function printResult(api: Api, studyId: string, runs: readonly ProgressRun[]) {
  const { study } = await api.send(StudyTableDocument, { studyId });
  if (study) console.log(`\n${renderTable(study.table)}\n`);
  for (const run of runs.filter(({ state }) => state !== 'COMPLETED')) {
    console.error(`${run.name}: ${run.state.toLowerCase()}${run.failure ? `: ${run.failure}` : ''}`);
  }
  return study?.table ?? null;
}
