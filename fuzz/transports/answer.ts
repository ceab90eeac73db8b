/** An error of a GraphQL answer. */
export interface AnswerError {
  message: string;
  extensions?: Record<string, unknown> & { code?: string };
}

/** What came back for a request. */
export interface Answer {
  /** Status of HTTP; null on a WebSocket, or if nothing came back. */
  status: number | null;
  /** Code with which the server closed the socket; null if it stayed open. */
  closed: number | null;
  /** The answer's text, or the reason for which the socket was closed. It is empty if nothing came back. */
  text: string;
  /** From sending the request to the end of the answer. */
  milliseconds: number;
  /** Why nothing came back, in Node's words. */
  failure: string | null;
  /** The text as GraphQL; null if it is something else. */
  graphql: { data?: unknown; errors?: AnswerError[] } | null;
}

/** Sends requests as one caller. A transport has at most one request in progress. */
export interface Transport {
  send(token: string | null, document: string, variables: string, isSubscription: boolean): Promise<Answer>;
  close(): Promise<void>;
}

export function hasData({ graphql }: Answer): boolean {
  return graphql?.errors === undefined && graphql?.data !== undefined && graphql.data !== null;
}

/** Parses an answer's text. Null unless it is an answer of GraphQL. */
export function parseGraphql(text: string): Answer['graphql'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { data, errors } = parsed as { data?: unknown; errors?: unknown };
  if (data === undefined && !Array.isArray(errors)) return null;
  return { data, ...(Array.isArray(errors) && { errors: errors as AnswerError[] }) };
}
