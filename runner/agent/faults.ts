import { type FaultKind, ServerFault } from './errors.js';
import { printable, printableLines } from './printable.js';

/** Turns the answers of a server, or of whatever answers in its place, into faults. */

const MOST_MESSAGE_CHARACTERS = 10_000;

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
  const { code } = (extensions ?? {}) as { code?: unknown };
  const known = typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : null;
  const said = typeof message === 'string' ? printableLines(message, MOST_MESSAGE_CHARACTERS) : 'no explanation';
  // A Crosscheck server always sends a code. Without one, it is not known whether the request was refused.
  if (known === null) return new ServerFault(status < 400 ? 'broken' : kindOfStatus(status), String(status), said);
  return new ServerFault(KIND_OF_CODE.get(known) ?? kindOfStatus(status), known, said);
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
  if (AWAY_STATUSES.has(status)) return 'unreachable';
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

/** Summarizes an answer that is not GraphQL in one line. */
export function explanation(text: string): string {
  const line = printable(text.slice(0, 300).replace(/\s+/g, ' ').trim());
  if (line.startsWith('<'))
    return 'got a web page instead of a GraphQL answer; is --server the address of a Crosscheck server?';
  return line || 'no explanation';
}
