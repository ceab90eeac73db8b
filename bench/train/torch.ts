import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createNetwork } from '../../runner/networks/network.js';
import type { RunConfig } from '../../schema/run-config.js';
import type { Setting } from './setting.js';
import type { Took } from './times.js';

/** Debian's Python, which has python3-torch. The first python3 in PATH may be another one. */
const PYTHON = '/usr/bin/python3';

/** How PyTorch stores images and filters. Which one is faster depends on the sizes and the processor. */
const FORMATS = ['nchw', 'channels_last'] as const;

/** The same step in PyTorch, in its own process. */
export interface TorchStep {
  step(): Promise<Took>;
  stop(): void;
}

/** A process for each memory format, by name; none if python3-torch is not installed. */
export function startTorch(setting: Setting, config: RunConfig): Map<string, TorchStep> {
  if (!setting.torch) return new Map();
  if (spawnSync(PYTHON, ['-c', 'import torch']).status !== 0) {
    console.error(
      'PyTorch is not installed (Debian: apt-get install python3-torch), so there is no comparison with it',
    );
    return new Map();
  }
  const shapes = shapesOf(config, setting.classes);
  return new Map(FORMATS.map((format) => [`torch ${format}`, start({ ...setting, format, shapes })]));
}

function start({
  batch,
  crop,
  classes,
  optimiser,
  format,
  shapes,
}: Setting & { format: string; shapes: Record<string, number[]> }): TorchStep {
  const child = spawn(PYTHON, ['bench/train/reference.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const sizes = { batch, height: crop[0], width: crop[1], classes };
  child.stdin.write(`${JSON.stringify({ ...sizes, optimiser, format, shapes })}\n`);
  return {
    async step() {
      child.stdin.write('step\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('bench/train/reference.py stopped before it answered; its message is above');
      const [milliseconds, processorMs] = String(value).split(' ').map(Number);
      return { milliseconds: milliseconds!, processorMs: processorMs! };
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
