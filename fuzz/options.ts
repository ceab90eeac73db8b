import { parseArgs } from 'node:util';
import { UserError } from '../schema/exit-codes.js';
import type { WorldSize } from './world/fill.js';

export interface FuzzOptions {
  /** Decides the order of the calls, and every random choice. */
  seed: number;
  /** The calls stop after this time, even if some are left. */
  seconds: number;
  /** Calls only this operation; null calls all, and then sends what breaks HTTP and the WebSocket protocol. */
  operation: string | null;
  /** Whether the server requires tokens. If not, whoever shows none is the owner of the machine. */
  auth: 'on' | 'off';
  /** The most calls for each place of an input; null makes every call. */
  perPlace: number | null;
  /** An answer may take this long, when the server has nothing else to do. */
  slowMs: number;
  /** How much the heap may grow. */
  heapGrowthBytes: number;
  size: WorldSize;
  /** Shows progress to a person. */
  print(line: string): void;
}

export const DEFAULTS: FuzzOptions = {
  seed: 1,
  seconds: 900,
  operation: null,
  auth: 'on',
  perPlace: null,
  slowMs: 2000,
  heapGrowthBytes: 10 * 2 ** 20,
  size: { studies: 40, runs: 4000, points: 25, longPoints: 100_000 },
  print: (line) => console.log(line),
};

const OPTIONS = {
  seed: { type: 'string' },
  seconds: { type: 'string' },
  operation: { type: 'string' },
  auth: { type: 'string', default: 'on' },
  runs: { type: 'string' },
  'per-place': { type: 'string' },
} as const;

/** The options of the command line. Without a seed, a random one. @throws UserError that says what is wrong */
export function parseOptions(args: string[]): FuzzOptions {
  const values = valuesIn(args);
  const { auth } = values;
  if (auth !== 'on' && auth !== 'off') throw new UserError(`--auth must be on or off; got "${auth}"`);
  const number = (name: keyof typeof values, otherwise: number) =>
    values[name] === undefined ? otherwise : wholeNumber(`--${name}`, values[name]);
  return {
    ...DEFAULTS,
    seed: number('seed', Math.floor(Math.random() * 2 ** 32)),
    seconds: number('seconds', DEFAULTS.seconds),
    operation: values.operation ?? null,
    auth,
    perPlace: values['per-place'] === undefined ? null : number('per-place', 0),
    size: { ...DEFAULTS.size, runs: number('runs', DEFAULTS.size.runs) },
  };
}

function valuesIn(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new UserError(`${option} must be a whole number; got "${text}"`);
}
