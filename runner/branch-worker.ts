import { optionsOfBranch, startEngine } from './engines/engine.js';
import { answerForBranch } from './training/branches/worker.js';

/** The thread in which one network of a run trains, on an engine of its own. */
await answerForBranch(({ engine, branch, threads }) =>
  startEngine(engine.name, optionsOfBranch(engine.options, branch), threads),
);
