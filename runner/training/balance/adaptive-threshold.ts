import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import type { PixelRule } from './pixel-rule.js';

/**
 * One confidence for all classes that follows the predictions (CorrMatch, Sun et al., CVPR 2024): in each step, it moves towards
 * the mean, over the classes that the network predicts, of their largest confidence.
 */
export class AdaptiveThreshold implements PixelRule {
  readonly state: Float32Array;

  constructor(
    private readonly classes: number,
    private readonly config: { start: number; decay: number },
  ) {
    this.state = new Float32Array([config.start]);
  }

  observe(labels: Float32Array, confidences: Float32Array): void {
    const largest = new Float64Array(this.classes);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      if (label !== IGNORE_LABEL && confidences[i]! > largest[label]!) largest[label] = confidences[i]!;
    }
    const predicted = largest.filter((confidence) => confidence > 0);
    if (predicted.length === 0) return;
    const mean = predicted.reduce((sum, confidence) => sum + confidence) / predicted.length;
    const { decay } = this.config;
    this.state[0] = decay * this.state[0]! + (1 - decay) * mean;
  }

  counts(_: number, confidence: number): boolean {
    return confidence >= this.state[0]!;
  }
}
