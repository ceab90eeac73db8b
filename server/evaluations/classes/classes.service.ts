import type { Context } from '../../context.js';
import type { Evaluation } from '../evaluation.entity.js';
import type { EvaluationsService } from '../evaluations.service.js';
import { indicesOf } from './class-names.js';
import { ConfusedBy, checkTop, type MostConfusedArgs } from './classes.inputs.js';
import type { ClassScores, ConfusedPair, ConfusionMatrix } from './classes.types.js';
import { confusions } from './confusion-matrix.js';

/** What an evaluation says about each class. */
export class ClassesService {
  constructor(
    private readonly deps: {
      evaluations: EvaluationsService;
    },
  ) {}

  /** Batched: one query reads those of many evaluations. @throws BAD_USER_INPUT for an unknown class */
  async scores(context: Context, evaluation: Evaluation, names?: readonly string[] | null): Promise<ClassScores> {
    const { evaluations } = this.deps;
    const [scores, classes] = await Promise.all([
      evaluations.classScores(context, evaluation.id),
      evaluations.classes(context, evaluation.runId),
    ]);
    const chosen = indicesOf(classes, names, 'classes');
    const of = (values: readonly (number | null)[]) => chosen.map((index) => values[index] ?? null);
    return {
      classes: chosen.map((index) => classes[index]!.name),
      ious: of(scores.ious),
      precisions: of(scores.precisions),
      recalls: of(scores.recalls),
    };
  }

  /** Batched, as above. @throws BAD_USER_INPUT for an unknown class */
  async matrix(context: Context, evaluation: Evaluation, names?: readonly string[] | null): Promise<ConfusionMatrix> {
    const { whole, classes } = await this.read(context, evaluation);
    const chosen = indicesOf(classes, names, 'classes');
    return { classes: chosen.map((index) => classes[index]!.name), whole, chosen, classesInAll: classes.length };
  }

  /** Most first; equally confused pairs by the index of their classes. Batched. @throws BAD_USER_INPUT for an unknown class */
  async mostConfused(
    context: Context,
    evaluation: Evaluation,
    { top, by, truth, prediction }: MostConfusedArgs,
  ): Promise<ConfusedPair[]> {
    checkTop(top);
    const { whole, classes } = await this.read(context, evaluation);
    const [row] = indicesOf(classes, truth == null ? [] : [truth], 'truth');
    const [column] = indicesOf(classes, prediction == null ? [] : [prediction], 'prediction');
    const value = by === ConfusedBy.PIXELS ? ('pixels' as const) : ('share' as const);
    return confusions(whole, classes.length)
      .filter((pair) => (row ?? pair.truth) === pair.truth && (column ?? pair.prediction) === pair.prediction)
      .sort((a, b) => b[value] - a[value])
      .slice(0, top)
      .map((pair) => ({ ...pair, truth: classes[pair.truth]!.name, prediction: classes[pair.prediction]!.name }));
  }

  /** An evaluation's confusion matrix and the classes of its rows. Both are empty if the run was deleted meanwhile. */
  private async read(context: Context, { id, runId }: Evaluation) {
    const { evaluations } = this.deps;
    const [whole, classes] = await Promise.all([
      evaluations.confusion(context, id),
      evaluations.classes(context, runId),
    ]);
    return whole.length === classes.length ** 2 ? { whole, classes } : { whole: [], classes: [] };
  }
}
