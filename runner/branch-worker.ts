import { optionsOfBranch, startEngine } from './engines/engine.js';
import { answerForBranch } from './training/branches/worker.js';

/** The thread that trains one network of a run, on its own engine. */
await answerForBranch(({ engine, branch, threads }) =>
  startEngine(engine.name, optionsOfBranch(engine.options, branch), threads),
);
