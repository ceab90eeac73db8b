import { CombinedError } from 'urql';
import { problemMessage, type ServerProblem, serverError } from '../messages/server-errors.js';
import { t } from '../messages/t.js';

/** A problem that the server found in one field of an input. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** True when the server requires a token, or rejects the current one. */
export function needsToken(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some((each) => each.extensions?.code === 'UNAUTHENTICATED') ?? false;
}

/**
 * The server's own messages, or ours when the connection failed.
 * @param ofAction whether somebody tried to change something, which nothing repeats
 */
export function explain(error: CombinedError, ofAction = false): string {
  const status = (error.response as Response | undefined)?.status;
  if (error.graphQLErrors.length > 0) return error.graphQLErrors.map(translated).join(' ');
  if (error.networkError && status) return t('errors.http', { status, problem: error.networkError.message });
  return ofAction ? t('errors.pressAgain') : t('errors.unreachable');
}

function translated({ message, extensions }: CombinedError['graphQLErrors'][number]): string {
  return serverError({ message, ...extensions });
}

/** The field problems of a rejected input; empty when the error has none. */
export function fieldProblems(error: CombinedError | undefined): FieldProblem[] {
  return (error?.graphQLErrors ?? []).flatMap((each) => {
    const problems = each.extensions?.problems;
    if (!Array.isArray(problems)) return [];
    return (problems as ServerProblem[]).map((problem) => ({ field: problem.field, message: problemMessage(problem) }));
  });
}

/**
 * The problems of one form field. The server identifies a field by its path in the input ("config.split.labelledRatio",
 * "matrix.seeds.0"). A problem belongs to every form field whose path is contained in that path at dot boundaries.
 */
export function problemsOf(problems: FieldProblem[], path: string): FieldProblem[] {
  return problems.filter(({ field }) => `.${field}.`.includes(`.${path}.`));
}
