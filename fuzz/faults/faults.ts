import type { Answer } from '../transports/answer.js';

/** What the server must never do, whatever it is sent. */
export type FaultKind =
  | 'server error'
  | 'masked internal error'
  | 'crash'
  | 'no answer'
  | 'slow answer'
  | 'socket closed with an internal error'
  | 'answer that is not GraphQL'
  | 'error without a code'
  | 'internals in an answer'
  | 'error that echoes its input'
  | 'valid call that is refused'
  | 'open connection'
  | 'error in the log'
  | 'memory';

export interface Fault {
  kind: FaultKind;
  /** What exactly, in one line. Faults with the same line are listed together. */
  what: string;
}

/** Longer messages repeat what they were sent. */
const MAX_MESSAGE_LENGTH = 4096;
/** Codes with which a WebSocket server says that the fault is its own. */
const INTERNAL_CLOSE_CODES = [1011, 1012, 1013, 4500];
/** A stack, a file of this package or of another, an SQL statement of ours. */
const INTERNALS = [
  /\\n\s+at \S+ \(/,
  /node_modules/,
  /\bdist\/server\//,
  /file:\/\//,
  /\/\* \w+ \*\/ (?:SELECT|INSERT|UPDATE)/,
];

/**
 * The faults of an answer. Being slow is not among them: it is only certain when the server has nothing else to do.
 * @param mayBeCut whether the server may close the connection before it has read the whole request
 */
export function faultsOf(answer: Answer, { graphql: isGraphql, mayBeCut }: { graphql: boolean; mayBeCut: boolean }) {
  const faults: Fault[] = [];
  const found = (kind: FaultKind, what: string) => faults.push({ kind, what });
  const { status, closed, text, failure, graphql } = answer;
  if (failure !== null && !mayBeCut) found('no answer', failure);
  if (status !== null && status >= 500) found('server error', `status ${status}: ${shortened(firstMessage(answer))}`);
  if (closed !== null && INTERNAL_CLOSE_CODES.includes(closed)) {
    found('socket closed with an internal error', `code ${closed}: ${generalised(text)}`);
  }
  if (isGraphql && text !== '' && graphql === null) found('answer that is not GraphQL', shortened(text));
  if (INTERNALS.some((pattern) => pattern.test(text))) found('internals in an answer', shortened(internalsIn(text)));
  for (const { message, extensions } of graphql?.errors ?? []) {
    if (typeof message !== 'string') found('answer that is not GraphQL', shortened(text));
    else if (message.length > MAX_MESSAGE_LENGTH) {
      found('error that echoes its input', generalised(message.slice(0, 60)));
    }
    if (extensions?.code === 'INTERNAL_SERVER_ERROR') found('masked internal error', generalised(message));
    if (isGraphql && typeof extensions?.code !== 'string') found('error without a code', generalised(message));
    if (extensions && 'http' in extensions) found('internals in an answer', 'extensions.http');
  }
  return distinct(faults);
}

/** The message without values, which differ between two calls with the same fault. */
export function generalised(message: string): string {
  const general = message
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>')
    // From a value that is an object or a list to the end: what follows repeats it.
    .replace(/[[{].*$/s, '…')
    .replace(/"[^"]*"?/g, '…')
    .replace(/-?\d[\d.,]*(?:e[+-]?\d+)?/gi, 'N')
    .replace(/\b(?:true|false|null|NaN|-?Infinity)\b/g, '…');
  return shortened(general, 120);
}

export function shortened(text: string, length = 200): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

function firstMessage({ graphql, text }: Answer): string {
  return generalised(graphql?.errors?.[0]?.message ?? text);
}

function internalsIn(text: string): string {
  const at = Math.min(...INTERNALS.map((pattern) => text.search(pattern)).filter((index) => index >= 0));
  return text.slice(Math.max(0, at - 40), at + 100);
}

function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.kind} ${fault.what}`, fault])).values()];
}
