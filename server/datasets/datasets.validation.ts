import { invalid, type Problem } from '../graphql/errors.js';
import type { DatasetInput } from './datasets.inputs.js';

const MAX_NAME_LENGTH = 128;
/** Labels are bytes, and one value is the ignore index. */
const MAX_CLASSES = 255;

/** Throws BAD_USER_INPUT that lists everything wrong with what a runner announced. */
export function checkDataset(input: DatasetInput): void {
  const problems = problemsOf(input);
  if (problems.length > 0) throw invalid(`dataset "${input.name}"`, problems);
}

function problemsOf(input: DatasetInput): Problem[] {
  const problems: Problem[] = [];
  const require = (holds: boolean, field: string, message: string) => {
    if (!holds) problems.push({ field, message });
  };
  for (const field of ['name', 'kind', 'fingerprint'] as const) {
    require(isText(input[field]), field, `has 1 to ${MAX_NAME_LENGTH} printable characters; got "${input[field]}"`);
  }
  for (const field of ['trainImages', 'unlabelledImages', 'valImages', 'testImages'] as const) {
    require(input[field] >= 0, field, `is a number of images from 0; got ${input[field]}`);
  }
  const { ignoreIndex, classes } = input;
  require(ignoreIndex >= 0 && ignoreIndex <= 255, 'ignoreIndex', `is a label value from 0 to 255; got ${ignoreIndex}`);
  require(classes.length >= 1 &&
    classes.length <= MAX_CLASSES, 'classes', `are 1 to ${MAX_CLASSES}; got ${classes.length}`);
  const seen = new Set<string>();
  classes.forEach(({ name, color }, index) => {
    require(isText(name), `classes.${index}.name`, `has 1 to ${MAX_NAME_LENGTH} printable characters; got "${name}"`);
    require(!seen.has(name), `classes.${index}.name`, `"${name}" names another class already`);
    require(/^#[0-9a-f]{6}$/i.test(color), `classes.${index}.color`, `is written #rrggbb; got "${color}"`);
    seen.add(name);
  });
  return problems;
}

function isText(text: string): boolean {
  return text.trim().length > 0 && text.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(text);
}
