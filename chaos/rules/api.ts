import { SERIES } from '../script/script.js';
import type { World } from '../world/world.js';
import { compare, finishedRuns, stepsOf, valuesOf } from './finished-runs.js';

const QUERY = `query ($id: ID!, $names: [String!]!) {
  run(id: $id) { state step metrics(names: $names, maxPoints: 10000) { steps values } }
}`;

interface Answer {
  run: { state: string; step: number; metrics: { steps: number[]; values: (number | string)[] }[] };
}

/** Compares what people see of every run with the script. One line per violation. */
export async function apiViolations(world: World): Promise<string[]> {
  const [name] = SERIES;
  const lines: string[] = [];
  for (const { id, number, seed, training } of await finishedRuns(world.database)) {
    const say = (text: string): void => void lines.push(`the API shows the results: run #${number}: ${text}`);
    const { run } = await world.api<Answer>(QUERY, { id, names: [name] });
    const steps = stepsOf(training);
    compare('state', [run.state, run.step], ['COMPLETED', training.iterations], say);
    compare(`steps of "${name}"`, run.metrics[0]?.steps ?? [], steps, say);
    compare(`values of "${name}"`, run.metrics[0]?.values.map(Number) ?? [], valuesOf(seed, name, steps), say);
  }
  return lines;
}
