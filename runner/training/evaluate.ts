import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Batch, Dataset } from '../data/dataset.js';
import { evaluationImage } from '../data/loading/evaluation-images.js';
import type { Network, Subset } from '../tracking/tracker.js';
import type { Branches } from './branches/branches.js';
import { ConfusionOfImages } from './confusion.js';
import { predict } from './predictions.js';

export interface EvaluationOptions {
  branches: Branches;
  dataset: Dataset;
  subset: Subset;
  /** Evaluate only this many images, the first ones; null means all. */
  images: number | null;
  /** Called between batches; true ends the evaluation without a result. */
  stopped: () => boolean;
}

/** Images of equal size are predicted together, up to this many pixels: enough to keep an engine busy with little memory. */
const PIXELS_AT_ONCE = 8 * 64 * 64;

/** One confusion matrix per network over the whole subset and of each image, with confidences, or null if the evaluation was stopped. */
export async function evaluate(options: EvaluationOptions): Promise<Map<Network, ConfusionOfImages> | null> {
  const { branches, dataset, subset, images } = options;
  const classes = dataset.descriptor.classes.length;
  const confusions = new Map<Network, ConfusionOfImages>();
  const ids = dataset.ids(subset).slice(0, images ?? undefined);
  for await (const { ids: ofBatch, batch } of batchesOf(dataset, subset, ids)) {
    // Let messages arrive, such as a stop request: nothing can arrive while a batch is predicted.
    await eventLoopTurn();
    if (options.stopped()) return null;
    for (const [network, prediction] of await predict(branches, batch, classes)) {
      const confusion = confusions.get(network) ?? new ConfusionOfImages(classes);
      const { labels, probabilities } = prediction;
      const pixels = batch.height * batch.width;
      for (const [i, id] of ofBatch.entries()) {
        const [from, to] = [i * pixels, (i + 1) * pixels];
        confusion.addImage(id, batch.labels.subarray(from, to), {
          labels: labels.subarray(from, to),
          probabilities: probabilities.subarray(from * classes, to * classes),
        });
      }
      confusions.set(network, confusion);
    }
  }
  return confusions;
}

/** The images in order, with their ids; consecutive images of equal size are joined into one batch. */
async function* batchesOf(
  dataset: Dataset,
  subset: Subset,
  ids: readonly string[],
): AsyncGenerator<{ ids: readonly string[]; batch: Batch }> {
  let pending: Batch[] = [];
  let next = load(dataset, subset, ids[0]);
  for (const [i] of ids.entries()) {
    const image = (await next)!;
    // Decode the next image while the networks predict the ones before it.
    next = load(dataset, subset, ids[i + 1]);
    const first = pending[0];
    const pixels = (pending.length + 1) * image.height * image.width;
    if (first && (first.height !== image.height || first.width !== image.width || pixels > PIXELS_AT_ONCE)) {
      yield { ids: ids.slice(i - pending.length, i), batch: join(pending) };
      pending = [];
    }
    pending.push(image);
  }
  if (pending.length > 0) yield { ids: ids.slice(-pending.length), batch: join(pending) };
}

function load(dataset: Dataset, subset: Subset, id: string | undefined): Promise<Batch> | null {
  if (id === undefined) return null;
  const image = evaluationImage(dataset, subset, id);
  // The caller that awaits this image handles its failure. Without this handler, a failure before then would end the process.
  image.catch(() => undefined);
  return image;
}

function join(batches: Batch[]): Batch {
  const { height, width, channels } = batches[0]!;
  const pixels = height * width;
  const values = pixels * channels;
  const images = new Float32Array(batches.length * values);
  const labels = new Uint8Array(batches.length * pixels);
  for (const [i, batch] of batches.entries()) {
    images.set(batch.images, i * values);
    labels.set(batch.labels, i * pixels);
  }
  return { count: batches.length, height, width, channels, images, labels, strong: [] };
}
