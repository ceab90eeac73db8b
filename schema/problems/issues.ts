import { z } from 'zod';
import { CONFIG_MISTAKES, configMistake } from './config-reasons.js';
import { filled, type Parameter, type Parameters } from './message.js';
import type { Mistake } from './problem.js';

/** Longer values are cut in messages. */
const MAX_SHOWN_LENGTH = 200;

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'items' };

/** The rules of our own, each of which gives its message and parameters to zod. */
type OwnRule = {
  [R in keyof typeof CONFIG_MISTAKES]: (typeof CONFIG_MISTAKES)[R] extends `${string}; %{given}` ? R : never;
}[keyof typeof CONFIG_MISTAKES];

/** What `refine` and `addIssue` need to report a mistake by its reason. */
export function ownRule(reason: OwnRule, params: Parameters = {}) {
  const message = filled(CONFIG_MISTAKES[reason].replace('; %{given}', ''), params);
  return { message, params: { reason, params } };
}

/** The value as messages end with it, and as JSON for programs: null if there is none. */
export function givenOf(value: unknown): { value: string | null; given: string } {
  if (value === undefined) return { value: null, given: 'nothing was given' };
  const json = JSON.stringify(value);
  const text = json.length > MAX_SHOWN_LENGTH ? `${json.slice(0, MAX_SHOWN_LENGTH)}…` : json;
  return { value: text, given: `got ${text}` };
}

/** The reason and the parameters of an issue of one value. Its message is that of zod, and says what was given. */
export function mistakeOf(issue: z.core.$ZodIssue, input: unknown): Mistake {
  const { value, given } = givenOf(input);
  const words = { given };
  switch (issue.code) {
    case 'invalid_type': {
      const { expected } = issue;
      const received = typeof input === 'number' && !Number.isFinite(input) ? String(input) : parsedType(input);
      return configMistake('WRONG_TYPE', { expected, received, value }, words);
    }
    case 'too_small':
    case 'too_big':
      return sizeMistake(issue, value, words);
    case 'not_multiple_of':
      return configMistake('NOT_A_MULTIPLE', { divisor: issue.divisor, value }, words);
    case 'invalid_value': {
      const params = { allowed: issue.values as (string | number | boolean)[], value };
      return configMistake('NOT_ALLOWED', params, { ...words, options: issue.message });
    }
    case 'invalid_format': {
      const params = { format: issue.message, pattern: issue.pattern ?? null, value };
      return configMistake('WRONG_FORMAT', params, words);
    }
    case 'invalid_union':
      if (!('options' in issue)) break;
      return configMistake('UNKNOWN_KIND', { allowed: (issue.options ?? []) as string[], value }, words);
    case 'custom': {
      const { reason, params } = (issue.params ?? {}) as { reason?: OwnRule; params?: Record<string, Parameter> };
      if (reason === undefined) break;
      return { message: `${issue.message}; ${given}`, reason, params: { ...params, value } };
    }
  }
  return configMistake('OTHER', { error: issue.message, value }, words);
}

const { parsedType } = z.core.util;

function sizeMistake(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: string | null,
  words: { given: string },
): Mistake {
  const { origin: type, inclusive, exact, message } = issue;
  const unit = UNITS[type];
  if (exact) return configMistake('OTHER', { error: message, value }, words);
  if (issue.code === 'too_small') {
    const params = { type, min: Number(issue.minimum), value };
    if (unit) return configMistake('TOO_SHORT', params, { ...words, unit });
    return configMistake(inclusive ? 'TOO_SMALL' : 'NOT_ABOVE', params, words);
  }
  const params = { type, max: Number(issue.maximum), value };
  if (unit) return configMistake('TOO_LONG', params, { ...words, unit });
  return configMistake(inclusive ? 'TOO_BIG' : 'NOT_BELOW', params, words);
}
