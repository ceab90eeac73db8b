import { currentTexts, type ServerErrors } from './language.js';
import { formatOf } from './t.js';

/** What varies in a message of the server (docs/api/errors.md). */
export type Parameters = Readonly<Record<string, unknown>>;

/** A problem in an input, or in a filter. */
export interface ServerProblem {
  field: string;
  message: string;
  reason?: string;
  params?: Parameters;
}

/** An error of the server, as far as it can be translated. */
export interface ServerError {
  message: string;
  reason?: string;
  params?: Parameters;
  problems?: readonly ServerProblem[];
  /** The place of a mistake in a filter, counted from 1. */
  character?: number | null;
}

/** The message of an error in the language of the page; the server's own, in English, if there is none. */
export function serverError(error: ServerError): string {
  const { serverErrors } = currentTexts();
  if (!serverErrors || error.reason === undefined) return error.message;
  const table = error.reason === 'FILTER_INVALID' ? 'filter' : 'input';
  const problems = (error.problems ?? []).map((problem) =>
    [problem.field, problemMessage(problem, table)].filter(Boolean).join(': '),
  );
  const values = { ...error.params, problems: problems.join(' '), problem: problems.join(' ') };
  return filled(serverErrors.reasons, error.reason, values) ?? error.message;
}

/** The message of a problem in the language of the page; the server's own, in English, if there is none. */
export function problemMessage(problem: ServerProblem, table: 'input' | 'filter' = 'input'): string {
  const { serverErrors } = currentTexts();
  if (!serverErrors || problem.reason === undefined) return problem.message;
  const parameters = problem.params ?? {};
  const values = { ...parameters, ...derived(serverErrors, parameters) };
  return filled(serverErrors.problems, `${table}.${problem.reason}`, values) ?? problem.message;
}

/** Null if there is no such message, or if a parameter that it needs was not sent. */
function filled(messages: ServerErrors[keyof ServerErrors], id: string, parameters: Parameters): string | null {
  const message = Object.hasOwn(messages, id) ? messages[id] : undefined;
  if (message === undefined) return null;
  const format = formatOf(`server ${id}`, message);
  if (!format) return String(message);
  const shown = Object.entries(parameters).map(([name, value]) => [name, textOf(value)]);
  try {
    return String(format.format(Object.fromEntries(shown)));
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The placeholders that the server does not send, made from those that it does. */
function derived({ problems }: ServerErrors, parameters: Parameters): Parameters {
  const { value, name, nearest, known, allowed, type, types, needed, expected } = parameters;
  const say = (id: string, values: Parameters = {}) => filled(problems, id, values) ?? '';
  const word = (kind: string, code: unknown) => (typeof code === 'string' && say(`${kind}.${code}`)) || textOf(code);
  const hasKnown = Array.isArray(known) && known.length > 0;
  const hinted = nearest ? 'hint.nearest' : hasKnown ? 'hint.known' : 'hint.name';
  return {
    given: value === null || value === undefined ? say('given.nothing') : say('given.value', { value: json(value) }),
    hint: say(hinted, { name, nearest, known }),
    meant: nearest ? say('meant.nearest', { nearest }) : say('meant.unknown'),
    others: hasKnown ? say('others.known', { known }) : say('others.none'),
    ...(allowed !== undefined && { options: say('options.allowed', { allowed }) }),
    ...(type !== undefined && { unit: word('unit', type) }),
    ...(Array.isArray(types) && { types: types.map((each) => word('types', each)) }),
    ...(needed !== undefined && { needed: word('needed', needed) }),
    ...(typeof expected === 'string' && { expected: word('expected', expected) }),
  };
}

/** A value that the server has sent as JSON already, or that is to be written like it. */
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
