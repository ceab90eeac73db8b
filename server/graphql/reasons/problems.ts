import { type Mistake, mistakesOf, type Problem } from '../../../schema/problems/problem.js';

/** What can be wrong with a field of an input, besides configurations: mostly of what runners send. */
export const INPUT_MISTAKES = {
  AT_LEAST: 'must be at least %{min}; got %{value}',
  BETWEEN: 'must be between %{min} and %{max}; got %{value}',
  NEGATIVE: 'must not be negative; got %{value}',
  LENGTH: 'must have 1 to %{most} characters; got %{"value"}',
  PRINTABLE_LENGTH: 'must have 1 to %{most} printable characters; got %{"value"}',
  NUMBER_OF_ENTRIES: 'must have 1 to %{most} entries; got %{count}',
  TOO_MANY_ENTRIES: 'must have at most %{most} entries; got %{count}',
  NOT_A_UUID: 'must be a UUID; got %{"value"}',
  NOT_BASE64: 'must be Base64; got %{"value"}',
  COMMIT_INVALID: 'must be 7 to 64 hex digits, optionally followed by "-dirty"; got %{"value"}',
  HASH_INVALID: 'must be 16 lowercase hex digits; got %{"value"}',
  COLOR_INVALID: 'must have the form #rrggbb; got %{"value"}',
  NAME_TWICE: 'must be unique; another class is already called %{"name"}',
  ID_TWICE: 'occurs twice: %{"id"}',
  FACTS_CLASSES: 'must count each of the %{classes} classes',
  STEP_OUTSIDE: "must be between 0 and the run's %{iterations} iterations; got %{step}",
  NEGATIVE_STEP: 'the step must be at least 0',
  CLASS_INDEX: 'must be between 0 and %{max}, the classes of the dataset; got %{value}',
  ALARM_WITHOUT_END: 'DATA alarms last as long as their run, so none is over',
  COUNTS_LENGTH: 'has %{count} entries, but the dataset has %{classes} classes',
  COUNT_INVALID: 'entry %{index} must be a whole number of at least 0; got %{value}',
  CONFUSION_SIZE:
    "confusion has %{count} entries, but the dataset's %{classes} classes need %{classes} x %{classes} = %{cells}",
  CONFUSION_CELL:
    'confusion[%{index}] (truth %{truth}, prediction %{prediction}) must be a whole number of at least 0; got %{value}',
  IMAGE_COUNTS_INVALID: '%{error}',
  IMAGES_DIFFER:
    'the images have %{pixels} pixels of truth %{truth} and prediction %{prediction}, but confusion[%{index}] is %{counted}',
  TOO_MANY_SERIES: 'a report may have at most %{most} series; got %{count}',
  TOO_MANY_POINTS: 'a report may have at most %{most} points; got %{count}',
  SERIES_NAME_INVALID: 'the name of a series must have 1 to %{most} printable characters; got %{"name"}',
  SERIES_NAME_RESERVED: '"%{name}" has a meaning in JavaScript and cannot name a series',
  VALUES_AND_STEPS: 'has %{steps} steps but %{values} values',
  TIMES_AND_STEPS: 'has %{steps} steps but %{times} times',
  STEPS_NEGATIVE: 'steps must be at least 0; got %{step}',
  TIME_TOO_EARLY: 'times must not be before 1970; got %{time}',
  UNKNOWN_METHOD: 'there is no method %{"name"}; allowed: %{allowed}',
  UNKNOWN_DATASET_IN_FILTER: 'there is no dataset %{"name"}; %{others}',
} as const;

export const inputMistake = mistakesOf(INPUT_MISTAKES);

/** The mistake in a field, as a list that is empty if there is none. */
export const problemIn = (field: string, mistake: Mistake | null): Problem[] =>
  mistake ? [{ field, ...mistake }] : [];
