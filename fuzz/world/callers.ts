import { runnerNamed } from './fill.js';
import { tokenOf } from './names.js';

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

/** Every kind of caller that the server tells apart. To add one, add a line. */
const KINDS: Omit<Caller, 'address'>[] = [
  { name: 'none', token: () => null },
  { name: 'invalid', token: () => tokenOf('a token that nobody has issued') },
  { name: 'user', token: () => USER_TOKEN },
  { name: 'runner', token: (operation) => tokenOf(runnerNamed(operation)) },
];

/** Linux answers on all of 127.0.0.0/8; other systems only on 127.0.0.1. */
export const CALLERS: readonly Caller[] = KINDS.map((kind, index) => ({
  ...kind,
  address: process.platform === 'linux' ? `127.0.0.${index + 2}` : '127.0.0.1',
}));
