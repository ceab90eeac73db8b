import { CombinedError } from 'urql';

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
  if (error.graphQLErrors.length > 0) return error.graphQLErrors.map((each) => each.message).join(' ');
  if (error.networkError && status) return `The server returned HTTP ${status}: ${error.networkError.message}`;
  const then = ofAction ? 'Try again when it is back.' : 'This page updates automatically when the server is back.';
  return `Cannot reach the server. ${then}`;
}

/** The field problems of a rejected input; empty when the error has none. */
export function fieldProblems(error: CombinedError | undefined): FieldProblem[] {
  return (error?.graphQLErrors ?? []).flatMap((each) => {
    const problems = each.extensions?.problems;
    return Array.isArray(problems) ? (problems as FieldProblem[]) : [];
  });
}

/**
 * The problems of one form field. The server identifies a field by its path in the input ("config.split.labelledRatio",
 * "matrix.seeds.0"). A problem belongs to every form field whose path is contained in that path at dot boundaries.
 */
export function problemsOf(problems: FieldProblem[], path: string): FieldProblem[] {
  return problems.filter(({ field }) => `.${field}.`.includes(`.${path}.`));
}
