import { parseArgs } from 'node:util';
import { UserError } from '../schema/exit-codes.js';
import { FAULT_KINDS, type FaultName } from './faults/kinds.js';

export interface ChaosOptions {
  /** Decides the order of the faults, their victims and every other choice. */
  seed: number;
  /** How long faults happen. The runs then complete without faults. */
  seconds: number;
  agents: number;
  runs: number;
  faults: readonly FaultName[];
  /** How often each kind of fault happens. */
  rounds: number;
  checkpointBytes: number;
  /** Shows progress to a person. */
  print(line: string): void;
}

const MEGABYTE = 10 ** 6;
/** In this time, every kind of fault happens once. */
const ROUND_SECONDS = 120;

export const DEFAULTS = { seconds: 600, agents: 8, runs: 200, checkpointBytes: 20 * MEGABYTE };

const OPTIONS = {
  seed: { type: 'string' },
  seconds: { type: 'string' },
  agents: { type: 'string' },
  runs: { type: 'string' },
  faults: { type: 'string' },
  'checkpoint-mb': { type: 'string' },
} as const;

/** The options of the command line. Without a seed, a random one. @throws UserError that says what is wrong */
export function parseOptions(args: string[]): ChaosOptions {
  const values = valuesIn(args);
  const number = (name: keyof typeof OPTIONS, otherwise: number, least = 1) =>
    values[name] === undefined ? otherwise : wholeNumber(`--${name}`, values[name], least);
  const seconds = number('seconds', DEFAULTS.seconds);
  return {
    seed: number('seed', Math.floor(Math.random() * 2 ** 32), 0),
    seconds,
    agents: number('agents', DEFAULTS.agents, 2),
    runs: number('runs', DEFAULTS.runs),
    faults: values.faults === undefined ? FAULT_KINDS : faultsIn(values.faults),
    rounds: Math.max(1, Math.floor(seconds / ROUND_SECONDS)),
    checkpointBytes: MEGABYTE * number('checkpoint-mb', DEFAULTS.checkpointBytes / MEGABYTE),
    print: (line) => console.log(line),
  };
}

function valuesIn(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function faultsIn(text: string): FaultName[] {
  return text.split(',').map((name) => {
    const known = FAULT_KINDS.find((kind) => kind === name);
    if (!known) throw new UserError(`--faults: there is no "${name}"; there are ${FAULT_KINDS.join(', ')}`);
    return known;
  });
}

function wholeNumber(option: string, text: string, least: number): number {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UserError(`${option} must be a whole number of at least ${least}; got "${text}"`);
}
