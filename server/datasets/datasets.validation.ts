import { datasetFacts } from '../../schema/dataset-facts.js';
import { invalid, type Problem } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
import type { DatasetInput } from './datasets.inputs.js';

const MAX_NAME_LENGTH = 128;
const NAME_LENGTH = `1 to ${MAX_NAME_LENGTH}`;
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
  const require = (holds: boolean, field: string, message: string) => {
    if (!holds) problems.push({ field, message });
  };
  for (const field of ['name', 'kind', 'fingerprint'] as const) {
    require(isText(input[field]), field, `must have ${NAME_LENGTH} printable characters; got ${shown(input[field])}`);
  }
  for (const field of ['trainImages', 'unlabelledImages', 'valImages', 'testImages'] as const) {
    require(input[field] >= 0, field, `must be at least 0; got ${input[field]}`);
  }
  const { ignoreIndex, classes } = input;
  require(ignoreIndex >= 0 && ignoreIndex <= 255, 'ignoreIndex', `must be between 0 and 255; got ${ignoreIndex}`);
  require(classes.length >= 1 &&
    classes.length <= MAX_CLASSES, 'classes', `must have 1 to ${MAX_CLASSES} entries; got ${classes.length}`);
  const { length } = input.warnings ?? [];
  require(length <= MAX_WARNINGS, 'warnings', `must have at most ${MAX_WARNINGS} entries; got ${length}`);
  problems.push(...problemsOfFacts(input));
  const seen = new Set<string>();
  classes.forEach(({ name, color }, index) => {
    require(isText(name), `classes.${index}.name`, `must have ${NAME_LENGTH} printable characters; got ${shown(name)}`);
    require(!seen.has(name), `classes.${index}.name`, `must be unique; another class is already called ${shown(name)}`);
    require(/^#[0-9a-f]{6}$/i.test(color), `classes.${index}.color`, `must have the form #rrggbb; got ${shown(color)}`);
    seen.add(name);
  });
  return problems;
}

function problemsOfFacts({ facts, classes }: DatasetInput): Problem[] {
  if (facts === undefined || facts === null) return [];
  const checked = datasetFacts.safeParse(facts, { reportInput: true });
  if (!checked.success) {
    return checked.error.issues.slice(0, MOST_FACTS_PROBLEMS).map(({ path, message, input }) => ({
      field: ['facts', ...path].join('.'),
      message: `${message}; got ${shown(input)}`,
    }));
  }
  const lists = [...checked.data.parts.filter((part) => part.classes.length > 0), ...checked.data.splits];
  if (lists.every((each) => each.classes.length === classes.length)) return [];
  return [{ field: 'facts', message: `must count each of the ${classes.length} classes` }];
}

function isText(text: string): boolean {
  return text.trim().length > 0 && text.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(text);
}
