import { type GraphQLSchema, isEnumType } from 'graphql';
import { runnerNamed } from './fill.js';
import { tokenOf } from './names.js';
import { tokenOfRole } from './people.js';

/** Somebody who calls the server. */
export interface Caller {
  name: string;
  /** The token that it shows when it calls an operation; null for none. */
  token(operation: string): string | null;
  /** Its own address, so that limits per address do not let one caller keep others out. */
  address: string;
}

/** The tokens that the server accepts from its start. */
export const USER_TOKEN = tokenOf('user');
export const REGISTRATION_TOKEN = tokenOf('registration');

/** Kinds of callers beside people with a role. To add one, add a line. */
type Kind = Omit<Caller, 'address'>;
const INVALID: Kind = { name: 'invalid', token: () => tokenOf('a token that nobody has issued') };
const RUNNER: Kind = { name: 'runner', token: (operation) => tokenOf(runnerNamed(operation)) };
const KINDS: readonly Kind[] = [
  { name: 'none', token: () => null },
  INVALID,
  { name: 'user', token: () => USER_TOKEN },
  RUNNER,
];
const WITHOUT_AUTH: readonly Kind[] = [{ name: 'local', token: () => null }, INVALID, RUNNER];

/** The roles that accounts may have. */
export function rolesOf(schema: GraphQLSchema): string[] {
  const role = schema.getType('Role');
  return isEnumType(role) ? role.getValues().map(({ name }) => name) : [];
}

/**
 * Everybody who calls: the kinds above, and somebody with each role of the schema.
 * @param auth whether the server requires tokens. If not, a person's token makes no difference.
 */
export function callersOf(schema: GraphQLSchema, auth: 'on' | 'off'): Caller[] {
  if (auth === 'off') return WITHOUT_AUTH.map((kind, index) => ({ ...kind, address: addressOf(index + 2) }));
  const roles = rolesOf(schema).map((role) => ({ name: role.toLowerCase(), token: () => tokenOfRole(role) }));
  return [...KINDS, ...roles].map((kind, index) => ({ ...kind, address: addressOf(index + 2) }));
}

/** Linux answers on all of 127.0.0.0/8; other systems only on 127.0.0.1. */
export function addressOf(number: number): string {
  return process.platform === 'linux' ? `127.0.0.${number}` : '127.0.0.1';
}
