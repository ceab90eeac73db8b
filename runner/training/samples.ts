import type { Dataset } from '../data/dataset.js';
import { pictureOf } from '../data/images/picture.js';
import { encodePalettePng, encodeRgbPng } from '../data/images/png.js';
import { evaluationImage } from '../data/loading/evaluation-images.js';
import type { Tracker } from '../tracking/tracker.js';
import type { Branches } from './branches/branches.js';
import { predict } from './predictions.js';

/**
 * Reports the predictions of the networks for a few fixed validation images, spread evenly over the subset. The input and
 * the ground truth do not change, so they are sent only once, with the first predictions.
 */
export class Sampler {
  private readonly ids: readonly string[];
  private inputsSent = false;

  constructor(
    private readonly dataset: Dataset,
    private readonly tracker: Tracker,
    images: number,
  ) {
    const all = dataset.ids('VAL');
    const count = Math.min(images, all.length);
    this.ids = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
  }

  async show(step: number, branches: Branches): Promise<void> {
    for (const id of this.ids) {
      this.tracker.progress('samples', step);
      if (!this.inputsSent) await this.showInput(step, id);
      const image = await evaluationImage(this.dataset, 'VAL', id);
      const { classes, ignoreIndex } = this.dataset.descriptor;
      const { width, height } = image;
      for (const [kind, { labels }] of await predict(branches, image, classes.length)) {
        const png = await encodePalettePng(labels, width, height, classes, ignoreIndex);
        this.tracker.report('sample', { step, imageId: id, width, height, kind, png });
      }
    }
    this.inputsSent = true;
  }

  private async showInput(step: number, imageId: string): Promise<void> {
    const image = await this.dataset.load('VAL', imageId);
    const { width, height, labels } = image;
    const { classes, ignoreIndex } = this.dataset.descriptor;
    const input = await encodeRgbPng(pictureOf(image), width, height);
    this.tracker.report('sample', { step, imageId, width, height, kind: 'INPUT', png: input });
    const truth = await encodePalettePng(labels, width, height, classes, ignoreIndex);
    this.tracker.report('sample', { step, imageId, width, height, kind: 'GROUND_TRUTH', png: truth });
  }
}
