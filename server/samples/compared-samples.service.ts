import { withHint } from '../../schema/filter/nearest.js';
import type { Context } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import { refusal } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import type { Run } from '../runs/run.entity.js';
import type { CompareSamplesArgs, SampleComparison } from './compared-samples.types.js';
import type { SamplesRepository } from './samples.repository.js';
import type { SamplesService } from './samples.service.js';

/** Puts samples of the same image side by side. */
export class ComparedSamplesService {
  constructor(
    private readonly deps: {
      repository: SamplesRepository;
      samples: SamplesService;
      comparisons: ComparisonsService;
      datasets: DatasetsService;
    },
  ) {}

  /** @throws NOT_FOUND for a run that does not exist; BAD_USER_INPUT for an image that none of the runs has, although they have others */
  async compare(context: Context, { runIds, image, step }: CompareSamplesArgs): Promise<SampleComparison> {
    const { repository, samples, comparisons } = this.deps;
    const problem = imageIdProblem(image);
    if (problem)
      throw refusal('IMAGE_ID_INVALID', { problem: problem.message }, { problems: [{ field: 'image', ...problem }] });
    const runs = await comparisons.runs(runIds);
    const ids = runs.map(({ id }) => id);
    const steps = await context.budget.rows((limit) => repository.stepsOfImage(ids, image, limit));
    if (steps.length === 0) await this.requireNoOther(context, ids, image);
    const at = step ?? commonStep(steps);
    const found = await Promise.all(
      ids.map((runId) => (at === null ? null : samples.nearest(context, { runId, imageId: image, step: at }))),
    );
    const compared = runs.map((run, index) => ({ run, sample: found[index]! }));
    return { step: at, samples: compared, warnings: await this.warnings(context, runs) };
  }

  private async requireNoOther({ budget }: Context, runIds: readonly string[], image: string): Promise<void> {
    const known = await budget.rows((limit) => this.deps.repository.imageIds(runIds, limit));
    if (known.length > 0) throw refusal('IMAGE_WITHOUT_SAMPLE', { hint: withHint(image, known) });
  }

  private async warnings(context: Context, runs: readonly Run[]): Promise<string[]> {
    const datasets = await Promise.all(runs.map(({ datasetId }) => this.deps.datasets.load(context, datasetId)));
    const other = datasets.findIndex(({ fingerprint }) => fingerprint !== datasets[0]!.fingerprint);
    if (other < 0) return [];
    const words = (index: number) => `run ${runs[index]!.number} is of dataset "${datasets[index]!.name}"`;
    return [`${words(0)} and ${words(other)}, which has other contents: their images may differ`];
  }
}

/**
 * The newest step that all runs with the image have. If there is none, the lowest of their newest steps, which is close to all of
 * them. Null without runs. The time grows with the number of steps alone: runs may have many.
 * @param steps each once per run, at least 0
 */
export function commonStep(steps: readonly { runId: string; step: number }[]): number | null {
  const newest = new Map<string, number>();
  const runsWith = new Map<number, number>();
  for (const { runId, step } of steps) {
    newest.set(runId, Math.max(step, newest.get(runId) ?? step));
    runsWith.set(step, (runsWith.get(step) ?? 0) + 1);
  }
  let common: number | null = null;
  for (const [step, runs] of runsWith) if (runs === newest.size && step > (common ?? -1)) common = step;
  // At most 50 runs are compared.
  return common ?? (newest.size > 0 ? Math.min(...newest.values()) : null);
}
