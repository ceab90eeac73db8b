import { CombinedError } from 'urql';

/** What is wrong with one field of an input, as the server says it. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** True when the server wants a token, or another one. */
export function needsToken(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some((each) => each.extensions?.code === 'UNAUTHENTICATED') ?? false;
}

/** The server's words, one sentence per error; a lost connection is told in ours. */
export function explain(error: CombinedError): string {
  const status = (error.response as Response | undefined)?.status;
  if (error.graphQLErrors.length > 0) return error.graphQLErrors.map((each) => each.message).join(' ');
  if (error.networkError && status) return `The server answered with HTTP ${status}: ${error.networkError.message}`;
  return 'The server cannot be reached. This page goes on by itself when it is back.';
}

/** The field problems that a refused input carries; empty when the error has none. */
export function fieldProblems(error: CombinedError | undefined): FieldProblem[] {
  return (error?.graphQLErrors ?? []).flatMap((each) => {
    const problems = each.extensions?.problems;
    return Array.isArray(problems) ? (problems as FieldProblem[]) : [];
  });
}

/**
 * The problems of one form field. The server names a field by its path in the input ("config.split.labelledRatio",
 * "matrix.seeds.0"), so a path belongs to every form field whose own path it contains at a dot boundary.
 */
export function problemsOf(problems: FieldProblem[], path: string): FieldProblem[] {
  return problems.filter(({ field }) => `.${field}.`.includes(`.${path}.`));
}
