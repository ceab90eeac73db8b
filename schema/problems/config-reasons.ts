import { mistakesOf } from './problem.js';

/** What can be wrong with a configuration or a matrix. */
export const CONFIG_MISTAKES = {
  UNKNOWN_KEY: 'unknown key "%{key}"; allowed here: %{allowed}',
  UNKNOWN_KIND: '%{given}; allowed: %{allowed}',
  KIND_UNCLEAR: 'needs exactly one of %{keys}; %{given}',
  WRONG_TYPE: 'Invalid input: expected %{expected}, received %{received}; %{given}',
  NOT_ALLOWED: '%{options}; %{given}',
  TOO_SMALL: 'Too small: expected %{type} to be >=%{min}; %{given}',
  NOT_ABOVE: 'Too small: expected %{type} to be >%{min}; %{given}',
  TOO_BIG: 'Too big: expected %{type} to be <=%{max}; %{given}',
  NOT_BELOW: 'Too big: expected %{type} to be <%{max}; %{given}',
  TOO_SHORT: 'Too small: expected %{type} to have >=%{min} %{unit}; %{given}',
  TOO_LONG: 'Too big: expected %{type} to have <=%{max} %{unit}; %{given}',
  NOT_A_MULTIPLE: 'Invalid number: must be a multiple of %{divisor}; %{given}',
  WRONG_FORMAT: '%{format}; %{given}',
  WEIGHTS_SOURCE_INVALID:
    "must be a file in a runner's weights folder, an absolute path on the runner or an http(s) address without credentials; %{given}",
  SHARES_REVERSED: 'the smallest area share must not exceed the largest; %{given}',
  SCALES_REVERSED: '`from` must not exceed `to`; %{given}',
  NO_DECODERS: 'at least one decoder is needed; %{given}',
  TOO_FEW_ITERATIONS: 'method "%{method}" trains in two rounds and needs at least %{min} iterations; %{given}',
  CROP_TOO_SMALL: 'the flaw detector of method "%{method}" needs at least %{min} pixels per side; %{given}',
  GROUPS_UNEQUAL: 'must divide training.batchLabelled, %{batch}; %{given}',
  NOTHING_TO_MIX_INTO: 'must be none, because method "%{method}" uses no unlabelled images here; %{given}',
  NO_BOXES: 'must not be confidence_bank with method "%{method}", which mixes no images with CutMix here; %{given}',
  NO_PLACE_FOR_LABELS:
    'must be none with method "%{method}", whose flaw detector decides what is learned from an unlabelled pixel, even if its label is known; %{given}',
  NO_PSEUDO_LABELS:
    'must be none with method "%{method}", which has no pseudo-labels of which a threshold could leave some out; %{given}',
  CONFIDENCE_TWICE:
    'must not be fixed with method "%{method}", which has a fixed confidence of its own: set method.confidence; %{given}',
  CONFIDENCE_REPLACED:
    'has no effect with balance.thresholds "%{thresholds}", which replaces it: leave it at its default, %{usual}; %{given}',
  NO_EXTRA_LOSS: 'needs at least one of %{losses}; to train with the cross-entropy alone, leave it out; %{given}',
  OHEM_UNUSED:
    'must be above 0 with loss.name "ohem", which chooses the pixels of the cross-entropy; or set loss.name to "cross_entropy"; %{given}',
  ANNEALING_UNUSED:
    'must be above 0 with method.annealed of method "%{method}", which leaves out pixels of the cross-entropy; %{given}',
  WEIGHTS_UNUSED:
    'must be "none" if balance.losses has neither the cross-entropy nor a focal loss, because they apply to nothing else; %{given}',
  NO_PSEUDO_LABEL_LOSS:
    'must be false, because method "%{method}" has no cross-entropy against pseudo-labels; these have: %{methods}; %{given}',
  WARM_UP_UNCLEAR: 'must be a share of the iterations (below 1) or a whole number of them; %{given}',
  WARM_UP_TOO_LONG: 'must be less than the iterations of each round, %{iterations}; %{given}',
  ONE_NETWORK: 'must be null, because method "%{method}" trains one network and has no second one; %{given}',
  PRETRAINED_NEEDS_WIDTH:
    'pretrained weights need width 1 (the default is 0.25): public files have all channels, so none of their filters fits a narrower network; %{given}',
  STOP_ON_ALARM_OFF:
    'cannot end the run while alarms.%{setting} is null; turn that alarm on, or remove this entry; %{given}',
  PART_TWICE: 'must have each part at most once; %{given}',
  RATIOS_AND_SPLITS: 'give labelledRatios or splits, not both; splits can contain ratios too; %{given}',
  METHOD_IN_BASE: 'must be left out, because the matrix sets the methods',
  TOO_MANY_RUNS: 'makes %{runs} runs; a study may have at most %{most}',
  REPEATED: 'repeats matrix.%{axis}.%{first}, which would count as another run; got %{value}',
  VARIANT_TWICE: 'is the second variant called "%{name}"; each must have its own name',
  UNKNOWN_VARIANT: 'no earlier variant is called "%{name}"; earlier ones: %{known}',
  NOT_IN_VARIANTS:
    'must be left out, because variants cannot change "%{key}": it belongs to the base or to another axis',
  VARIANT_SAME: '"%{name}" trains the same as %{other}, so the same run would count twice',
  TOO_MANY_LABELLED: 'must be at most %{max}, the number of training images in dataset "%{dataset}"; got %{value}',
  NONE_UNLABELLED:
    'must be less than %{max}, because method "%{method}" needs unlabelled images, and all training images of dataset "%{dataset}" have labels; got %{value}',
  UNKNOWN_DATASET: '"%{name}" is unknown; %{others}. A dataset becomes known when a runner announces it.',
  OTHER: '%{error}; %{given}',
} as const;

export const configMistake = mistakesOf(CONFIG_MISTAKES);
