import { EXIT } from '../../schema/exit-codes.js';
import type { Agent } from './agent.js';

/** npm forwards a Ctrl-C that the terminal has also delivered, so two signals this close together count as one. */
const SAME_WISH_MS = 500;

/** The first SIGTERM or SIGINT drains the agent; the second exits immediately. Returns a function that ends this. */
export function drainOnSignals(agent: Agent, log: (message: string) => void): () => void {
  let firstMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstMs === null) {
      firstMs = Date.now();
      log(`${signal}: shutting down, claiming no more runs; a second signal forces an immediate exit`);
      agent.drain(signal);
    } else if (Date.now() - firstMs > SAME_WISH_MS) {
      agent.kill();
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
}
