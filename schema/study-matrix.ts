import { z } from 'zod';
import { METHOD_LABELS, methodConfig, networkConfig, type RunConfigInput, splitConfig } from './run-config.js';

/** The most runs that one study may queue: a typing error must not fill the queue for a year. */
export const MAX_RUNS_PER_STUDY = 500;

/** The axes of a study: every combination is one run. An axis that is left out takes the base configuration's value. */
export const studyMatrix = z.strictObject({
  methods: z.array(methodConfig).min(1).max(20),
  labelledRatios: z.array(splitConfig.shape.labelledRatio).min(1).max(20).optional(),
  backbones: z.array(networkConfig.shape.backbone.unwrap()).min(1).max(20).optional(),
  seeds: z.array(z.int().min(0).max(4_294_967_295)).min(1).max(100).optional(),
});

export type StudyMatrix = z.output<typeof studyMatrix>;

export interface PlannedRun {
  name: string;
  config: RunConfigInput;
}

/** Every combination of the matrix laid over `base` (a run configuration without its method), methods varying fastest. */
export function expandMatrix(base: Omit<RunConfigInput, 'method'>, matrix: StudyMatrix): PlannedRun[] {
  const ratios = matrix.labelledRatios ?? [base.split.labelledRatio];
  const backbones = matrix.backbones ?? [base.network?.backbone];
  const seeds = matrix.seeds ?? [base.seed];
  const planned: PlannedRun[] = [];
  for (const seed of seeds) {
    for (const labelledRatio of ratios) {
      for (const backbone of backbones) {
        for (const method of matrix.methods) {
          const config: RunConfigInput = {
            ...base,
            method,
            split: { ...base.split, labelledRatio },
            network: { ...base.network, ...(backbone && { backbone }) },
            ...(seed !== undefined && { seed }),
          };
          planned.push({ name: runName(config), config });
        }
      }
    }
  }
  return planned;
}

const DEFAULT_BACKBONE = networkConfig.shape.backbone.parse(undefined);

/** What a person calls a run: its method, its backbone unless that is the usual one, its share of labels and its seed. */
export function runName({ method, network, split, seed = 0 }: RunConfigInput): string {
  const backbone = network?.backbone ?? DEFAULT_BACKBONE;
  const parts = [METHOD_LABELS[method.name], ratioLabel(split.labelledRatio), `seed ${seed}`];
  if (backbone !== DEFAULT_BACKBONE) parts.splice(1, 0, backbone.replace('resnet', 'ResNet-'));
  return parts.join(', ');
}

/** The usual way to write a labelled share: 0.125 → "1/8"; shares that are no unit fraction as a percentage. */
export function ratioLabel(ratio: number): string {
  const denominator = 1 / ratio;
  const whole = Math.round(denominator);
  return Math.abs(denominator - whole) < 1e-6 * whole
    ? whole === 1
      ? 'all'
      : `1/${whole}`
    : `${+(ratio * 100).toPrecision(3)}%`;
}
