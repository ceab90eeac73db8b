import { isObject } from '../is-object.js';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../run-config.js';
import type { CauseKind, Finding } from './causes.js';

/** The settings that a remedy changes, in the form of a configuration. */
type Changes = Partial<Record<keyof RunConfigInput, Record<string, unknown>>>;

/** A change of the configuration that may help a class. */
export interface Remedy {
  words: string;
  settings: Changes;
}

type Treat = (config: RunConfig) => Remedy | null;

const cover: Treat = ({ split }) =>
  'labelledList' in split || split.cover
    ? null
    : {
        words: 'draw the labelled images so that they hold every class',
        settings: { split: { cover: true } },
      };

/** Half of the confidence, which keeps some protection against wrong labels. */
const lowerConfidence: Treat = ({ method }) =>
  'confidence' in method && method.confidence > 0
    ? {
        words: 'use less confident pseudo-labels',
        settings: { method: { confidence: method.confidence / 2 } },
      }
    : null;

const LONGEST_RAMP = 0.4;

const slowerRamp: Treat = ({ method }) =>
  'rampUp' in method && method.rampUp < LONGEST_RAMP
    ? {
        words: 'let the weight of the unsupervised loss rise more slowly',
        settings: { method: { rampUp: LONGEST_RAMP } },
      }
    : null;

const sample: Treat = ({ balance }) =>
  balance?.sampling
    ? null
    : {
        words: 'draw images and crops that show it more often',
        settings: { balance: { sampling: {} } },
      };

const paste: Treat = ({ balance }) =>
  balance && balance.mixing.name !== 'none'
    ? null
    : {
        words: 'paste it from labelled images into unlabelled ones',
        settings: { balance: { mixing: { name: 'class_aware' } } },
      };

const weigh: Treat = ({ balance }) =>
  balance && balance.weights.name !== 'none'
    ? null
    : {
        words: 'let its labelled pixels count more',
        settings: { balance: { weights: { name: 'logit_adjustment' } } },
      };

const quota: Treat = ({ balance }) =>
  balance && balance.thresholds.name !== 'none'
    ? null
    : {
        words: 'let each class keep its most confident pseudo-labels',
        settings: { balance: { thresholds: { name: 'quota' } } },
      };

const REMEDIES: Record<CauseKind, readonly Treat[]> = {
  NO_LABELS: [cover],
  STARVED_IN_CROPS: [sample, paste],
  EXCLUDED_BY_CONFIDENCE: [quota, lowerConfidence],
  CONFUSED: [weigh],
  FEW_IMAGES: [cover, sample, paste],
  FEW_PIXELS: [sample, paste, weigh],
  LOST_IN_TRAINING: [slowerRamp, quota],
  UNKNOWN: [],
};

/**
 * What may help against these causes, is not in use yet and goes with the rest of the configuration, for the strongest cause first.
 */
export function remediesFor(findings: readonly Pick<Finding, 'cause'>[], config: RunConfig): Remedy[] {
  const treats = new Set(findings.flatMap(({ cause }) => REMEDIES[cause]));
  const remedies = [...treats].flatMap((treat) => treat(config) ?? []);
  return remedies.filter(({ settings }) => parseRunConfig(withChanges(config, settings)).ok);
}

/** The settings with these changes. A choice among several kinds, which its `name` tells apart, is replaced if the name changes. */
export function withChanges(
  settings: Record<string, unknown>,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const each = Object.entries(changes).map(([key, value]) => {
    const old = settings[key];
    const isSame = isObject(old) && isObject(value) && (value.name === undefined || value.name === old.name);
    return [key, isSame ? withChanges(old, value) : value];
  });
  return { ...settings, ...Object.fromEntries(each) };
}
