import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createNetwork } from '../../runner/networks/network.js';
import type { RunConfig } from '../../schema/run-config.js';
import type { Setting } from './setting.js';

/** Debian's Python, which has python3-torch. The first python3 in PATH may be another one. */
const PYTHON = '/usr/bin/python3';

export interface TorchStep {
  /** Runs one step and returns its milliseconds. */
  step(): Promise<number>;
  stop(): void;
}

/** The same step in PyTorch, in its own process; null if python3-torch is not installed. */
export function startTorch(setting: Setting, config: RunConfig): TorchStep | null {
  if (!setting.torch) return null;
  if (spawnSync(PYTHON, ['-c', 'import torch']).status !== 0) {
    console.error(
      'PyTorch is not installed (Debian: apt-get install python3-torch), so there is no comparison with it',
    );
    return null;
  }
  const child = spawn(PYTHON, ['bench/train/reference.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { batch, crop, classes, optimiser } = setting;
  const sizes = { batch, height: crop[0], width: crop[1], classes };
  child.stdin.write(`${JSON.stringify({ ...sizes, optimiser, shapes: shapesOf(config, classes) })}\n`);
  return {
    async step() {
      child.stdin.write('step\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('bench/train/reference.py stopped before it answered; its message is above');
      return Number(value);
    },
    stop: () => child.kill(),
  };
}

function shapesOf(config: RunConfig, classes: number): Record<string, number[]> {
  const network = createNetwork(config.network, { classes, inputChannels: 3, seed: 0, branch: 1 });
  const shapes = [...network.variables, ...network.buffers].map(([name, variable]) => [name, variable.shape]);
  network.dispose();
  return Object.fromEntries(shapes);
}
