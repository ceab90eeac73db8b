import { diagnose } from '../../schema/clinic/diagnose.js';
import type { ClassEvidence, RunEvidence } from '../../schema/clinic/evidence.js';
import { remediesFor } from '../../schema/clinic/remedies.js';
import { type RunConfig, trainsOnUnlabelled } from '../../schema/run-config.js';
import type { Context } from '../context.js';
import { share, sharesOf, sumsOf } from '../evaluations/confusion.js';
import { type Evaluation, Pick, type Predictor } from '../evaluations/evaluation.entity.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { PseudoLabelsService } from '../pseudo-labels/pseudo-labels.service.js';
import type { Run } from '../runs/run.entity.js';
import type { ClassCountsService } from './class-counts.service.js';
import type { ClassCheckup } from './clinic.types.js';

/** How many classes are named that the pixels of one are taken for. */
const MOST_TAKEN_FOR = 3;

/** Says for each class of a run what is known about it, and why it is not predicted. */
export class ClinicService {
  constructor(
    private readonly deps: {
      counts: ClassCountsService;
      evaluations: EvaluationsService;
      pseudoLabels: PseudoLabelsService;
    },
  ) {}

  /** By class index; empty before the first evaluation. Batched: a page of runs needs no more statements than one run. */
  async checkups(context: Context, run: Run, network: Predictor): Promise<ClassCheckup[]> {
    const { evaluations } = this.deps;
    const evaluation = await evaluations.evaluation(context, run.id, { network, pick: Pick.NEWEST });
    if (!evaluation) return [];
    const evidence = await this.evidence(context, run, evaluation);
    return evidence.classes.map((known, classIndex) => {
      const diagnosis = diagnose(evidence, classIndex);
      const { firstPredicted: firstPredictedStep, lost: lostStep, ...shown } = known;
      const takenFor = known.takenFor.slice(0, MOST_TAKEN_FOR);
      const remedies = diagnosis && { ...diagnosis, remedies: remediesFor(diagnosis.findings, run.config) };
      return { classIndex, ...shown, firstPredictedStep, lostStep, takenFor, diagnosis: remedies };
    });
  }

  private async evidence(context: Context, run: Run, evaluation: Evaluation): Promise<RunEvidence> {
    const { counts, evaluations, pseudoLabels } = this.deps;
    const { network, step } = evaluation;
    const [classes, matrix, scores, confidences, labels, crops, predicted, pseudo] = await Promise.all([
      evaluations.classes(context, run.id),
      evaluations.confusion(context, evaluation.id),
      evaluations.classScores(context, evaluation.id),
      evaluations.confidences(context, evaluation.id),
      counts.labels(context, run.id),
      counts.crops(context, run.id),
      counts.predictedSteps(context, run.id, network),
      pseudoLabels.newest(context, run, network),
    ]);
    // The run was deleted between two reads of one request.
    if (matrix.length !== classes.length ** 2) return { ...NOTHING, step };
    const sums = sumsOf(matrix, classes.length);
    const labelledShares = sharesOf(labels?.pixels ?? []);
    const ofClass = ({ name }: { name: string }, index: number): ClassEvidence => {
      const steps = predicted.find(({ classIndex }) => classIndex === index);
      return {
        name,
        labelledPixels: labels?.pixels[index] ?? null,
        labelledShare: labelledShares[index] ?? null,
        labelledImages: labels?.images[index] ?? null,
        cropShare: crops && share(crops.withClass[index]!, crops.crops),
        iou: scores.ious[index] ?? null,
        precision: scores.precisions[index] ?? null,
        recall: scores.recalls[index] ?? null,
        truePixels: sums.truth[index]!,
        predictedPixels: sums.predicted[index]!,
        confidence: confidences?.[index] ?? null,
        takenFor: takenFor(matrix, classes, index),
        pseudoShare: pseudo?.classes[index]?.share ?? null,
        cropPixelShare: pseudo?.classes[index]?.labelledShare ?? null,
        firstPredicted: steps?.first ?? null,
        lost: steps?.lost ?? null,
      };
    };
    const { method, training } = run.config;
    return {
      step,
      iterations: training.iterations,
      labelledImages: labels && (run.setup?.labelledImages ?? null),
      rampUp: trainsOnUnlabelled(method) ? ('rampUp' in method ? method.rampUp : 0) : null,
      confidence: leastConfidence(run.config),
      classes: classes.map(ofClass),
    };
  }
}

/** The confidence below which pseudo-labels are left out; null if there is none, or if it follows the predictions. */
function leastConfidence({ method, balance }: RunConfig): number | null {
  const thresholds = balance?.thresholds ?? { name: 'none' };
  if (thresholds.name === 'fixed') return thresholds.confidence;
  if (thresholds.name !== 'none') return null;
  // CutMix-Seg leaves out no pixel: it scales the loss by the share of those above its confidence.
  return 'confidence' in method && method.name !== 'cutmix_seg' ? method.confidence : null;
}

const NOTHING = { iterations: 0, labelledImages: null, rampUp: null, confidence: null, classes: [] };

function takenFor(matrix: readonly number[], classes: readonly { name: string }[], index: number) {
  const row = matrix.slice(index * classes.length, (index + 1) * classes.length);
  return sharesOf(row)
    .map((taken, other) => ({ name: classes[other]!.name, share: taken ?? 0, other }))
    .filter(({ share: taken, other }) => other !== index && taken > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share: taken }) => ({ name, share: taken }));
}
