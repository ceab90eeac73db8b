import { datasetFacts } from '../../schema/dataset-facts.js';
import { mistakeOf } from '../../schema/problems/issues.js';
import type { Mistake, Problem } from '../../schema/problems/problem.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { shown } from '../graphql/texts.js';
import type { DatasetInput } from './datasets.inputs.js';

const MAX_NAME_LENGTH = 128;
/** Labels are bytes, and one value is reserved for the ignore index. */
const MAX_CLASSES = 255;
const MAX_WARNINGS = 100;
const MOST_FACTS_PROBLEMS = 5;

/** Checks a dataset that a runner announces. @throws BAD_USER_INPUT that lists every problem */
export function checkDataset(input: DatasetInput): void {
  const problems = problemsOf(input);
  if (problems.length > 0) throw invalid(`dataset ${shown(input.name)}`, problems);
}

function problemsOf(input: DatasetInput): Problem[] {
  const problems: Problem[] = [];
  const require = (holds: boolean, field: string, mistake: () => Mistake) => {
    if (!holds) problems.push({ field, ...mistake() });
  };
  for (const field of ['name', 'kind', 'fingerprint'] as const) {
    require(isText(input[field]), field, () => nameMistake(input[field]));
  }
  for (const field of ['trainImages', 'unlabelledImages', 'valImages', 'testImages'] as const) {
    require(input[field] >= 0, field, () => inputMistake('AT_LEAST', { min: 0, value: input[field] }));
  }
  const { ignoreIndex, classes } = input;
  require(ignoreIndex >= 0 && ignoreIndex <= 255, 'ignoreIndex', () =>
    inputMistake('BETWEEN', { min: 0, max: 255, value: ignoreIndex }));
  require(classes.length >= 1 && classes.length <= MAX_CLASSES, 'classes', () =>
    inputMistake('NUMBER_OF_ENTRIES', { most: MAX_CLASSES, count: classes.length }));
  const { length } = input.warnings ?? [];
  require(length <= MAX_WARNINGS, 'warnings', () =>
    inputMistake('TOO_MANY_ENTRIES', { most: MAX_WARNINGS, count: length }));
  problems.push(...problemsOfFacts(input));
  const seen = new Set<string>();
  classes.forEach(({ name, color }, index) => {
    require(isText(name), `classes.${index}.name`, () => nameMistake(name));
    require(!seen.has(name), `classes.${index}.name`, () => inputMistake('NAME_TWICE', { name }));
    require(/^#[0-9a-f]{6}$/i.test(color), `classes.${index}.color`, () =>
      inputMistake('COLOR_INVALID', { value: color }));
    seen.add(name);
  });
  return problems;
}

function problemsOfFacts({ facts, classes }: DatasetInput): Problem[] {
  if (facts === undefined || facts === null) return [];
  const checked = datasetFacts.safeParse(facts, { reportInput: true });
  if (!checked.success) {
    return checked.error.issues.slice(0, MOST_FACTS_PROBLEMS).map((issue) => ({
      field: ['facts', ...issue.path].join('.'),
      ...mistakeOf(issue, issue.input),
    }));
  }
  const lists = [...checked.data.parts.filter((part) => part.classes.length > 0), ...checked.data.splits];
  if (lists.every((each) => each.classes.length === classes.length)) return [];
  return [{ field: 'facts', ...inputMistake('FACTS_CLASSES', { classes: classes.length }) }];
}

const nameMistake = (value: string) => inputMistake('PRINTABLE_LENGTH', { most: MAX_NAME_LENGTH, value });

function isText(text: string): boolean {
  return text.trim().length > 0 && text.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(text);
}
