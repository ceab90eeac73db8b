import type { Context } from '../../context.js';
import type { Dataset } from '../../datasets/dataset.entity.js';
import type { DatasetsService } from '../../datasets/datasets.service.js';
import { refusal } from '../../graphql/errors.js';
import type { Run } from '../../runs/run.entity.js';
import type { ComparisonsService } from '../comparisons.service.js';
import type { Evaluation } from '../evaluation.entity.js';
import type { EvaluationsService } from '../evaluations.service.js';
import { type Change, classChanges, sameTruth } from './class-changes.js';
import type { ClassChange, ClassChanges, EvaluationRefInput } from './class-changes.types.js';

/** Compares two evaluations class by class. */
export class ClassChangesService {
  constructor(
    private readonly deps: {
      evaluations: EvaluationsService;
      comparisons: ComparisonsService;
      datasets: DatasetsService;
    },
  ) {}

  /**
   * @throws NOT_FOUND if a run or its evaluation does not exist; BAD_USER_INPUT if their datasets or subsets differ, because
   * then their pixels are not the same
   */
  async between(context: Context, from: EvaluationRefInput, to: EvaluationRefInput): Promise<ClassChanges> {
    const { evaluations, comparisons, datasets } = this.deps;
    if (from.subset !== to.subset) {
      throw refusal('SUBSETS_DIFFER', { from: from.subset, to: to.subset });
    }
    const runs = await comparisons.runs([from.runId, to.runId]);
    const [fromRun, toRun] = [runs[0]!, runs.at(-1)!];
    const [fromSet, toSet] = await Promise.all(runs.map(({ datasetId }) => datasets.load(context, datasetId)));
    if (toSet) requireSameImages(fromRun, fromSet!, toRun, toSet);
    const [before, after] = await Promise.all([
      this.evaluation(context, fromRun, from),
      this.evaluation(context, toRun, to),
    ]);
    const [one, other] = await Promise.all([before, after].map(({ id }) => evaluations.confusion(context, id)));
    const classes = Math.round(Math.sqrt(one!.length));
    const isSame = sameTruth(one!, other!, classes);
    const names = fromSet!.classes.map(({ name }) => name);
    const changes = classChanges(one!, other!, classes).map((change) => typed(change, names, isSame));
    return {
      from: before,
      to: after,
      classes: changes,
      warnings: isSame ? [] : [notSame(fromRun, before, toRun, after)],
    };
  }

  private async evaluation(context: Context, run: Run, ref: EvaluationRefInput): Promise<Evaluation> {
    const found = await this.deps.evaluations.evaluation(context, run.id, ref);
    if (found) return found;
    const which = { number: run.number, network: ref.network, subset: ref.subset };
    if (typeof ref.step === 'number') throw refusal('EVALUATION_MISSING_AT', { ...which, step: ref.step });
    throw refusal('EVALUATION_MISSING', which);
  }
}

function typed(change: Change, names: readonly string[], isSame: boolean): ClassChange {
  const { classIndex, before, after, missed, invented, movedTo, movedFrom } = change;
  return {
    classIndex,
    name: names[classIndex]!,
    fromIou: before,
    toIou: after,
    change: change.change,
    missedPixels: isSame ? missed : null,
    falsePixels: isSame ? invented : null,
    to: isSame ? movedTo : null,
    from: isSame ? movedFrom : null,
    names,
  };
}

/** Datasets with different names may be the same: then they have the same fingerprint. */
function requireSameImages(fromRun: Run, one: Dataset, toRun: Run, other: Dataset): void {
  const names = ({ classes }: Dataset) => classes.map(({ name }) => name).join('\n');
  if (one.id === other.id || (one.fingerprint === other.fingerprint && names(one) === names(other))) return;
  const [from, to] = [fromRun.number, toRun.number];
  throw refusal('DATASETS_DIFFER', { from, to, fromDataset: one.name, toDataset: other.name });
}

function notSame(fromRun: Run, from: Evaluation, toRun: Run, to: Evaluation): string {
  const covers = (run: Run, { step, pixels }: Evaluation) =>
    `run ${run.number} at step ${step} covers ${pixels} pixels`;
  return (
    `the evaluations do not cover the same pixels, so their scores are hard to compare: ${covers(fromRun, from)}, and ` +
    `${covers(toRun, to)}; compare their training.evaluateImages and data.imageScale`
  );
}
