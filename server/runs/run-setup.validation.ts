import type { Problem } from '../../schema/problems/problem.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { storableText } from '../graphql/texts.js';
import type { Run } from './run.entity.js';
import type { RunSetupInput } from './runs.inputs.js';

const MAX_TEXT_LENGTH = 256;
const COUNTS = ['labelledImages', 'unlabelledImages', 'parameters', 'secondParameters'] as const;

/** The columns of a run that a runner's set-up determines. @throws BAD_USER_INPUT that lists every problem */
export function checkSetup({ splitHash, ...setup }: RunSetupInput): Pick<Run, 'splitHash' | 'setup'> {
  const problems: Problem[] = [];
  for (const [field, text] of Object.entries({ splitHash, engine: setup.engine })) {
    if (text.trim() && text.length <= MAX_TEXT_LENGTH) continue;
    problems.push({ field, ...inputMistake('LENGTH', { most: MAX_TEXT_LENGTH, value: text }) });
  }
  for (const field of COUNTS) {
    const value = setup[field] ?? 0;
    if (value < 0) problems.push({ field, ...inputMistake('AT_LEAST', { min: 0, value }) });
  }
  for (const [index, weight] of (setup.classWeights ?? []).entries()) {
    if (weight >= 0) continue;
    problems.push({ field: `classWeights.${index}`, ...inputMistake('AT_LEAST', { min: 0, value: weight }) });
  }
  if (problems.length > 0) throw invalid('the setup', problems);
  return { splitHash, setup: { ...setup, device: storableText(setup.device, MAX_TEXT_LENGTH) } };
}
