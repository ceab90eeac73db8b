import { mistakesOf } from '../problems/problem.js';

/** What can be wrong with a filter, a field or an order that is written as text, or with a tree of conditions. */
export const FILTER_MISTAKES = {
  TOO_LONG: 'must have at most %{most} characters; got %{characters}',
  UNEXPECTED_CHARACTER: '%{"character"} has no meaning here; put texts in double quotes',
  QUOTE_NOT_CLOSED: 'this quote has no end; inside quotes, write \\" for a quote and \\\\ for a backslash',
  SINGLE_QUOTE: "texts are in double quotes; got '",
  EXCLAMATION_MARK: 'write != for "is not equal to", or "not" before a condition; got !',
  UNEXPECTED_END: 'expected %{expected}; got the end',
  UNEXPECTED_TEXT: 'expected %{expected}; got the text "%{token}"',
  UNEXPECTED_KEYWORD: 'expected %{expected}; got %{token}; names that are keywords need quotes',
  UNEXPECTED_TOKEN: 'expected %{expected}; got %{token}',
  SEVERAL_FIELDS: 'expected one field; got several',
  TOO_DEEP: 'conditions may be nested %{most} levels deep',
  TOO_MANY_COMPARISONS: 'a filter may have %{most} comparisons',
  NO_CONDITIONS: '"and" and "or" need at least one condition',
  UNKNOWN_FIELD: '"%{name}" is unknown; %{meant}',
  GROUP_OF_SETTINGS: '"%{name}" is a group of settings: %{settings}',
  UNKNOWN_SERIES: 'no run has a series %{hint}',
  UNKNOWN_CLASS: 'no dataset has a class %{hint}',
  UNKNOWN_NETWORK: 'there is no network %{hint}',
  UNKNOWN_SUBSET: 'there is no subset %{hint}',
  UNKNOWN_PICK: 'there is no pick %{hint}',
  UNKNOWN_ALARM: 'there is no kind of alarm %{hint}',
  CLASS_NEEDED: '%{score} needs a class, such as %{score}("traffic light")',
  NO_CLASS: '%{score} is of several classes; for one class, use iou',
  NO_ARGUMENT: '%{score} is of several classes, so it has no "%{argument}"; for one class, write iou(…)',
  NO_BRACKETS: '"%{name}" has no brackets; these have: %{known}',
  ARGUMENT_NEEDED: '%{name}(…) needs %{needed} in its brackets',
  ARGUMENT_TWICE: '"%{name}" was given before',
  ARGUMENT_NOT_NAMED: '"%{argument}" needs a name, such as network: %{argument}',
  NO_NAMED_ARGUMENTS: 'there is no "%{name}:"; there are none here',
  UNKNOWN_ARGUMENT: 'there is no "%{name}:"; allowed: %{known}',
  ACTIVE_NOT_BOOLEAN: '"active" is true or false; got %{value}',
  OPERATOR_NOT_FOR_TYPE: '%{field} is %{types}, which %{operator} cannot compare',
  NO_VALUE_ALLOWED: '%{field} is known: needs no value; got %{"value"}',
  VALUE_NEEDED: '%{field} needs a value',
  ONE_VALUE_NEEDED: '%{field} %{operator} needs one value; got a list',
  NUMBER_OF_VALUES: '%{field} in: needs 1 to %{most} values; got %{count}',
  WRONG_TYPE: '%{field} is %{types}; got %{"value"}',
  TEXT_NOT_QUOTED: '%{field} is %{types}, in quotes: "%{value}"; got %{"value"}',
  NOT_BOOLEAN: '%{field} is %{types}, not true or false; compare it with one, or write "is known"',
  NOT_FINITE: '%{field} cannot be compared with %{value}; use "is known"',
  NOT_A_TIME: '%{field} is a time, such as "2026-11-30"; got %{"value"}',
  UNKNOWN_VALUE: '%{field} cannot be %{hint}',
  NOT_IN_GROUPS: 'groups have no %{field}; they can be sorted by %{known}',
} as const;

/** What a text should have at a place. Errors name it by its key. */
export const EXPECTED = {
  CONDITION: 'a condition, such as state = completed',
  AND_OR_OR_END: '"and", "or" or the end',
  AND_OR_OR_BRACKET: '"and", "or" or ")"',
  KNOWN: '"known"',
  KNOWN_OR_NOT_KNOWN: '"known" or "not known"',
  IN: '"in"',
  FIELD: 'the name of a field',
  VALUE: 'a value',
  LIST: '"(" and the values',
  COMMA_OR_BRACKET: '"," or ")"',
  COMMA_OR_END: '"," or the end',
  DIRECTION_COMMA_OR_END: '"asc", "desc", "," or the end',
} as const;

export type Expected = keyof typeof EXPECTED;

export const filterMistake = mistakesOf(FILTER_MISTAKES);
