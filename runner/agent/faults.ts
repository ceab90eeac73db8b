import { type FaultKind, ServerFault } from './errors.js';
import { printable, printableLines } from './printable.js';

/** Turns the answers of a server, or of whatever answers in its place, into faults. */

const MOST_MESSAGE_CHARACTERS = 10_000;
/** A runner waits no longer than a day for anything. */
const MOST_SECONDS = 86_400;

/** GraphQL error codes that mean the server failed, rather than refused the request. */
const KIND_OF_CODE = new Map<string, FaultKind>([
  ['INTERNAL_SERVER_ERROR', 'broken'],
  ['SERVICE_UNAVAILABLE', 'unreachable'],
  // The request is too slow for the server's database. It may always be.
  ['TIMEOUT', 'broken'],
]);
/** Sent by a server whose database is unavailable, or by a proxy whose server is down or overloaded. */
export const AWAY_STATUSES = new Set([408, 429, 502, 503, 504]);

export interface GraphQLAnswer {
  data?: unknown;
  errors?: unknown;
}

/** The fault for the first error of an answer, which may have any form. */
export function errorOf(error: unknown, status: number): ServerFault {
  const { message, extensions } = (error ?? {}) as { message?: unknown; extensions?: unknown };
  const { code, retryAfterSeconds: after } = (extensions ?? {}) as { code?: unknown; retryAfterSeconds?: unknown };
  const known = typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : null;
  const said = typeof message === 'string' ? printableLines(message, MOST_MESSAGE_CHARACTERS) : 'no explanation';
  // A Crosscheck server always sends a code. Without one, it is not known whether the request was refused.
  if (known === null) return new ServerFault(status < 400 ? 'broken' : kindOfStatus(status), String(status), said);
  const seconds = typeof after === 'number' && after >= 0 && after <= MOST_SECONDS ? after : null;
  return new ServerFault(KIND_OF_CODE.get(known) ?? kindOfStatus(status), known, said, seconds);
}

export function parseAnswer(text: string): GraphQLAnswer | null {
  try {
    return JSON.parse(text) as GraphQLAnswer | null;
  } catch {
    // Not a GraphQL answer, perhaps an error page from a proxy. The caller reports the HTTP status and the text.
    return null;
  }
}

function kindOfStatus(status: number): FaultKind {
  // 423: another request is sending the same upload.
  if (AWAY_STATUSES.has(status) || status === 423) return 'unreachable';
  return status >= 500 ? 'broken' : 'refused';
}

export function statusFault(status: number, text: string): ServerFault {
  return new ServerFault(kindOfStatus(status), String(status), `HTTP ${status}: ${explanation(text)}`);
}

/** The message of a refused upload. */
export function refusalIn(text: string): string {
  const { error } = (parseAnswer(text) ?? {}) as { error?: unknown };
  return typeof error === 'string' ? printable(error.slice(0, 300)) : explanation(text);
}

/** How a server answers to a field of an input that it does not know. It also repeats the whole input, which is long. */
const UNKNOWN_FIELD = /Field "([^"]*)" is not defined by type "([^"]*)"/;

/** Says so if the server does not know a field or an argument of the operation. Every other error is returned as it is. */
export function explainedByAge(error: Error, origin: string, operation: string): Error {
  if (!(error instanceof ServerFault)) return error;
  const field = UNKNOWN_FIELD.exec(error.message);
  const unknown = error.code === 'GRAPHQL_VALIDATION_FAILED' ? error.message : field?.[0];
  if (unknown === undefined) return error;
  const message =
    `${origin} is older than this runner and does not know its request ${operation} (${unknown}); ` +
    'upgrade the server first (docs/upgrading.md)';
  return new ServerFault(error.kind, error.code, message, null, field && `${field[2]}.${field[1]}`);
}

/** How nginx, Apache and Go answer plain http at a port for https. */
const PLAIN_TO_TLS =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server/;

/** Summarizes an answer that is not GraphQL in one line. */
export function explanation(text: string): string {
  const line = printable(text.slice(0, 300).replace(/\s+/g, ' ').trim());
  if (PLAIN_TO_TLS.test(line)) return 'this is a port for TLS; use https:// in the address of the server';
  if (line.startsWith('<'))
    return 'got a web page instead of a GraphQL answer; is --server the address of a Crosscheck server?';
  return line || 'no explanation';
}
