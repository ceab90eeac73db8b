import type { z } from 'zod';

/** What a value must be, by zod's name of the type. */
const TYPES: Record<string, string> = {
  array: 'a list',
  tuple: 'a list',
  record: 'an object',
  object: 'an object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What is wrong with a value in a file that people write, without the terms of zod; undefined if zod should say it. */
export function schemaWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'unrecognized_keys':
      return `has the unknown key${issue.keys.length === 1 ? '' : 's'} ${issue.keys.join(', ')}`;
    case 'too_small':
      return limit(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum);
    case 'too_big':
      return limit(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum);
    default:
      return undefined;
  }
}

function limit(origin: string, than: string, bound: number | bigint): string {
  if (origin === 'array' || origin === 'tuple') return `must have ${than} ${bound} entries`;
  return origin === 'string' ? `must have ${than} ${bound} characters` : `must be ${than} ${bound}`;
}
