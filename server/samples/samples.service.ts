import type { Problem } from '../../schema/problems/problem.js';
import type { BlobsService } from '../blobs/blobs.service.js';
import { type Context, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { ChangeRange } from '../database/changes.js';
import type { Transaction } from '../database/transaction.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { invalid } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import { inputMistake, problemIn } from '../graphql/reasons/problems.js';
import { shown } from '../graphql/texts.js';
import { type SampleInput, SampleKind } from './samples.inputs.js';
import type { ImageAtStep, ReportedImage, ReportedPrediction, SamplesRepository } from './samples.repository.js';
import type { Sample } from './samples.types.js';

/** How many images are sent at a time to those who follow a run. */
const IMAGES_AT_ONCE = 1000;

export class SamplesService {
  constructor(
    private readonly deps: {
      repository: SamplesRepository;
      blobs: BlobsService;
    },
  ) {}

  /**
   * Stores images of samples within the caller's transaction, replacing those of the same step, image id and kind. If one
   * occurs twice, the last counts.
   * @param change the number of the run's change that they belong to
   * @throws BAD_USER_INPUT for invalid values, or if a blob was not uploaded; then nothing is stored
   */
  async record(transaction: Transaction, runId: string, change: number, inputs: readonly SampleInput[]): Promise<void> {
    for (const input of inputs) {
      const problems = problemsOf(input);
      if (problems.length > 0) throw invalid(`sample ${shown(input.imageId)} at step ${input.step}`, problems);
    }
    const hashes = new Set(inputs.map(({ sha256 }) => sha256));
    await this.deps.blobs.require(transaction, [...hashes]);
    await this.deps.repository.upsertImages(transaction, runId, change, imagesOf(inputs));
    await this.deps.repository.upsertPredictions(transaction, runId, change, predictionsOf(inputs));
  }

  /** Ascending. Batched: one statement reads those of many runs. */
  async sampleSteps({ loaders, budget }: Context, runId: string): Promise<number[]> {
    const loader = loaders.of<number[]>('sampleSteps', async (ids) => {
      const found = await budget.rows((limit) => this.deps.repository.steps(ids, limit));
      return listsInOrder(ids, found, (row) => row.runId).map((rows) => rows.map(({ step }) => step));
    });
    return (await loader.load(runId))!;
  }

  /**
   * The images and their predictions at a step, or at the newest step if it is null. Empty if there are none. Batched: two
   * statements read those of many runs.
   */
  async samples({ loaders, budget }: Context, runId: string, step: number | null): Promise<Sample[]> {
    const { repository } = this.deps;
    const loader = loaders.of<Sample[]>(`samples ${step}`, async (ids) => {
      const predictions = await budget.rows((limit) => repository.predictions(ids, step, limit));
      const images = await budget.rows((limit) => repository.images(ids, limit));
      const imagesOfRuns = listsInOrder(ids, images, (row) => row.runId);
      return listsInOrder(ids, predictions, (row) => row.runId).map((rows, run) => samplesOf(rows, imagesOfRuns[run]!));
    });
    return (await loader.load(runId))!;
  }

  /**
   * The sample of an image at the step nearest to the given one; null if the run has none of it. Batched: one query reads those of
   * many images and runs.
   */
  nearest({ loaders, budget }: Context, { runId, imageId, step }: ImageAtStep): Promise<Sample | null> {
    const loader = loaders.of<Sample>('samples.nearest', async (keys) => {
      const asked = keys.map((key) => JSON.parse(key) as ImageAtStep);
      // An image has a prediction of each network.
      const rows = await budget.rows(() => this.deps.repository.nearest(asked));
      const places = Array.from(keys, (_, place) => String(place));
      const rowsOfPlaces = listsInOrder(places, rows, ({ place }) => String(place));
      return rowsOfPlaces.map((ofPlace) => samplesOf(ofPlace, ofPlace)[0] ?? null);
    });
    return loader.load(JSON.stringify({ runId, imageId, step }));
  }

  /**
   * The samples of which a prediction, the input or the ground truth was last written by the changes after `from`, up to `upTo`, which
   * is at most `to`, by step and image id, each with all its predictions.
   */
  async changed({ runId, from, to }: ChangeRange): Promise<{ samples: Sample[]; upTo: number }> {
    const upTo = await this.deps.repository.endOfPage({ runId, from, to }, IMAGES_AT_ONCE);
    const predictions = await this.deps.repository.changed(runId, from, upTo);
    if (predictions.length === 0) return { samples: [], upTo };
    const imageIds = new Set(predictions.map(({ imageId }) => imageId));
    return { samples: samplesOf(predictions, await this.deps.repository.imagesById(runId, [...imageIds])), upTo };
  }
}

/** Puts predictions and their images together, in the order of the predictions. Leaves out images without an input. */
function samplesOf(predictions: readonly ReportedPrediction[], images: readonly ReportedImage[]): Sample[] {
  const byId = new Map(images.map((image) => [image.imageId, image]));
  const samples = new Map<string, Sample>();
  for (const { step, imageId, network, sha256 } of predictions) {
    const image = byId.get(imageId);
    if (!image?.inputSha256) continue;
    const { width, height, inputSha256, groundTruthSha256 } = image;
    const key = `${step} ${imageId}`;
    const sample = samples.get(key) ?? {
      ...{ imageId, step, width, height },
      inputUrl: blobUrl(inputSha256),
      groundTruthUrl: groundTruthSha256 && blobUrl(groundTruthSha256),
      predictions: [],
    };
    samples.set(key, sample);
    sample.predictions.push({ network, url: blobUrl(sha256) });
  }
  return [...samples.values()];
}

/** A path below the server's address, which the server does not know. */
function blobUrl(sha256: string): string {
  return `/blobs/${sha256}`;
}

/** Each image once, with its newest size, input and ground truth. */
function imagesOf(inputs: readonly SampleInput[]): ReportedImage[] {
  const images = new Map<string, ReportedImage>();
  for (const { imageId, width, height, kind, sha256 } of inputs) {
    const known = images.get(imageId);
    images.set(imageId, {
      imageId,
      width,
      height,
      inputSha256: kind === SampleKind.INPUT ? sha256 : (known?.inputSha256 ?? null),
      groundTruthSha256: kind === SampleKind.GROUND_TRUTH ? sha256 : (known?.groundTruthSha256 ?? null),
    });
  }
  return [...images.values()];
}

function predictionsOf(inputs: readonly SampleInput[]): ReportedPrediction[] {
  const predictions = inputs.flatMap(({ step, imageId, kind, sha256 }) => {
    const network = Object.values(Predictor).find((name) => name === String(kind));
    return network ? [{ step, imageId, network, sha256 }] : [];
  });
  return lastOfEach(predictions, ({ step, imageId, network }) => [step, network, imageId].join());
}

function problemsOf({ step, imageId, width, height }: SampleInput): Problem[] {
  const problems: Problem[] = [];
  if (step < 0) problems.push({ field: 'step', ...inputMistake('AT_LEAST', { min: 0, value: step }) });
  problems.push(...problemIn('imageId', imageIdProblem(imageId)));
  for (const [field, pixels] of Object.entries({ width, height })) {
    if (pixels < 1) problems.push({ field, ...inputMistake('AT_LEAST', { min: 1, value: pixels }) });
  }
  return problems;
}
