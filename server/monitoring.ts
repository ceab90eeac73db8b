import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { RunsService } from './runs/runs.service.js';

/** The metrics that /metrics exposes. Autoscalers use the depth of the queue. */
export function createRegistry(runsService: RunsService): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'crosscheck_queue_depth',
    help: 'Runs that wait for a runner, by pool',
    labelNames: ['pool'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { pool, runs } of await runsService.queueDepth()) this.set({ pool }, runs);
    },
  });
  return registry;
}
