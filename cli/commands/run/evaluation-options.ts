import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Network, Pick, Subset } from '../../../schema/generated/cli/graphql.js';

/** Which evaluation of a run to read. */
export interface EvaluationOptions {
  network: Network;
  subset: Subset;
  best: boolean;
}

/** By the names that the dashboard uses. */
const NETWORKS: Readonly<Record<string, Network>> = { '1': 'BRANCH1', '2': 'BRANCH2', both: 'ENSEMBLE' };
const SUBSETS: Readonly<Record<string, Subset>> = { val: 'VAL', test: 'TEST' };

function oneOf<Value>(values: Readonly<Record<string, Value>>): (text: string) => Value {
  return (text) => {
    const value = Object.entries(values).find(([name]) => name === text.toLowerCase())?.[1];
    if (value === undefined) throw new InvalidArgumentError(`Allowed choices are ${Object.keys(values).join(', ')}.`);
    return value;
  };
}

export const networkOption = (): Option =>
  new Option('--network <network>', 'the network to read: 1, 2 or both together')
    .argParser(oneOf(NETWORKS))
    .default('BRANCH1' satisfies Network, '1');

export function addEvaluationOptions(command: Command): Command {
  return command
    .addOption(networkOption())
    .addOption(
      new Option('--subset <subset>', 'the images that it was evaluated on: val or test')
        .argParser(oneOf(SUBSETS))
        .default('VAL' satisfies Subset, 'val'),
    )
    .option('--best', 'the evaluation with the highest mIoU instead of the newest one', false);
}

export const pickOf = ({ best }: EvaluationOptions): Pick => (best ? 'BEST' : 'NEWEST');

/** Such as "network 1 on val". */
export function evaluationWords({ network, subset }: Omit<EvaluationOptions, 'best'>): string {
  const name = Object.entries(NETWORKS).find(([, value]) => value === network)![0];
  return `${name === 'both' ? 'both networks' : `network ${name}`} on ${subset.toLowerCase()}`;
}
