import { flatSettings, type Settings } from './flat-settings.js';
import { networkConfig } from './network-config.js';
import { METHOD_LABELS, networkOf, type RunConfig, splitLabel } from './run-config.js';

const DEFAULT_BACKBONE = networkConfig.shape.backbone.parse(undefined);

/** The longest name that the server accepts. */
export const MAX_NAME_LENGTH = 256;

/** Settings of `training` that decide when something is reported or kept, and do not affect the outcome. */
export const REPORTING = [
  'logEvery',
  'evaluateEvery',
  'evaluateImages',
  'sampleEvery',
  'sampleImages',
  'checkpointEvery',
  'reviewImages',
];

/**
 * For each of `parts`, the settings in which it differs from another one: "on labelled, decoders.dropout 6"; '' if all are
 * equal.
 */
function differingSettings(parts: readonly Settings[]): string[] {
  const all = parts.map((settings) => flatSettings(settings));
  const names = [...new Set(all.flatMap(Object.keys))];
  const differing = names.filter((name) => new Set(all.map((settings) => JSON.stringify(settings[name]))).size > 1);
  return all.map((settings) =>
    differing
      .filter((name) => settings[name] !== undefined)
      .map((name) => `${name} ${written(settings[name])}`)
      .join(', '),
  );
}

/** `labels`; equal ones get the settings in which they differ: "CPS (on labelled)". `settings[i]` belongs to `labels[i]`. */
function toldApart(labels: readonly string[], settings: readonly Settings[]): string[] {
  const words = new Map<Settings, string>();
  for (const label of new Set(labels)) {
    const alike = settings.filter((_, i) => labels[i] === label);
    for (const [i, difference] of differingSettings(alike).entries()) words.set(alike[i]!, difference);
  }
  return labels.map((label, i) => (words.get(settings[i]!) ? `${label} (${words.get(settings[i]!)})` : label));
}

/** The method of each of `configs`, with the settings in which runs of that method differ: "CPS (on labelled)". */
export function methodLabels(configs: readonly Pick<RunConfig, 'method'>[]): string[] {
  return toldApart(
    configs.map(({ method }) => METHOD_LABELS[method.name]),
    configs.map(({ method }) => ({ ...method })),
  );
}

/** The label of a method in a variant of a study: "CPS + sampling". @param variant null for the study's base as it is */
export const withVariant = (methodLabel: string, variant: string | null): string =>
  variant === null ? methodLabel : `${methodLabel} + ${variant}`;

/**
 * Names for runs that are queued together: method with its variant, backbones unless they are the default, labels and seed; at most
 * MAX_NAME_LENGTH characters.
 * @param variants of each run; null for none
 */
export function runNames(configs: readonly RunConfig[], variants: readonly (string | null)[] = []): string[] {
  const methods = methodLabels(configs).map((label, i) => withVariant(label, variants[i] ?? null));
  const splits = splitLabels(configs);
  return configs.map(({ network, seed }, i) => {
    const backbones = [networkOf(network, 1).backbone, networkOf(network, 2).backbone];
    const used = [...new Set(backbones)].map((backbone) => backbone.replace('resnet', 'ResNet-'));
    const unusual = backbones.every((backbone) => backbone === DEFAULT_BACKBONE) ? [] : [used.join(' + ')];
    return shortened([methods[i], ...unusual, splits[i], `seed ${seed}`].join(', '));
  });
}

/**
 * For each of `configs`, the settings that affect the outcome and differ from another one, apart from those that a study varies
 * (dataset, split, method, backbone, seed): "training.iterations 3000"; '' if there are none.
 */
export function otherDifferences(configs: readonly Omit<RunConfig, 'seed'>[]): string[] {
  return differingSettings(
    configs.map(({ data, loss, network: { backbone: _, ...network }, optimiser, augmentation, training, balance }) => {
      const deciding = Object.entries(training).filter(([name]) => !REPORTING.includes(name));
      return { data, loss, network, optimiser, augmentation, training: Object.fromEntries(deciding), balance };
    }),
  );
}

/** The split of each of `configs`; equal ones with the settings in which they differ: "1/8 (seed 1)". */
export function splitLabels(configs: readonly Pick<RunConfig, 'split'>[]): string[] {
  return toldApart(
    configs.map(({ split }) => splitLabel(split)),
    configs.map(({ split }) => ({ ...split })),
  );
}

/** Cuts the middle out of a name that is too long. The method is at its start; a file's name and the seed are at its end. */
function shortened(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  const end = MAX_NAME_LENGTH / 2;
  return `${name.slice(0, end - 1)}…${name.slice(-end)}`;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
