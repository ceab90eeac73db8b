import { EXIT } from '../../schema/exit-codes.js';
import type { Agent } from './agent.js';

/** npm passes a Ctrl-C on that the terminal has delivered already: two signals this close count as one. */
const SAME_WISH_MS = 500;

/** SIGTERM or SIGINT drains the agent, a second one ends everything at once. */
export function drainOnSignals(agent: Agent, log: (message: string) => void) {
  let firstMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstMs === null) {
      firstMs = Date.now();
      log(`${signal}: claiming nothing more; a second signal stops at once`);
      agent.drain(signal);
    } else if (Date.now() - firstMs > SAME_WISH_MS) {
      agent.kill();
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
