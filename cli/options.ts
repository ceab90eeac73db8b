import { InvalidArgumentError, Option } from 'commander';

/** Parses a number on the command line. @throws InvalidArgumentError, which commander turns into a message */
export function positiveInt(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number of at least 1.');
  return value;
}

/** Parses a whole number. @throws InvalidArgumentError, as above */
export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) throw new InvalidArgumentError('must be a whole number.');
  return value;
}

/** Parses a whole number of at least 0. @throws InvalidArgumentError, as above */
export function notNegativeInt(text: string): number {
  const value = integer(text);
  if (value < 0) throw new InvalidArgumentError('must be a whole number of at least 0.');
  return value;
}

/** Parses a whole number from 0 to a day of seconds. @throws InvalidArgumentError, as above */
export function secondsOfDay(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 86_400)
    throw new InvalidArgumentError('must be a whole number from 0 to 86400.');
  return value;
}

/** Parses a number of hours. The server checks its range. @throws InvalidArgumentError, as above */
export function hours(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('must be a number greater than 0.');
  return value;
}

/** Parses a port. @throws InvalidArgumentError, as above */
export function portNumber(text: string): number {
  const port = positiveInt(text);
  if (port > 65_535) throw new InvalidArgumentError('must be at most 65535.');
  return port;
}

/** Collects the values of an option that can be repeated. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** Collects addresses, which may also be given as one list with commas. */
export const collectAddresses = (value: string, previous: string[] = []): string[] => [
  ...previous,
  ...value
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== ''),
];

/** The server that a command talks to. */
export interface ServerOptions {
  server: string;
  token?: string;
}

const LOCAL_SERVER = 'http://localhost:4000';

export const serverOption = (): Option =>
  new Option('--server <url>', "the server's address")
    .env('CROSSCHECK_SERVER')
    // An empty variable counts as unset.
    .argParser((text) => text || LOCAL_SERVER)
    .default(LOCAL_SERVER);

export const tokenOption = (): Option =>
  new Option('--token <token>', 'a user token, if the server asks for one').env('CROSSCHECK_USER_TOKEN');
