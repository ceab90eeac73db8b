import { randomStream } from '../../random/random.js';
import type { BackboneName } from '../resnet.js';
import { type TensorSource, writeTensorFile } from '../safetensors.js';
import type { Stem } from '../stem.js';

const PLANS: Record<BackboneName, { expansion: 1 | 4; counts: number[] }> = {
  resnet18: { expansion: 1, counts: [2, 2, 2, 2] },
  resnet34: { expansion: 1, counts: [3, 4, 6, 3] },
  resnet50: { expansion: 4, counts: [3, 4, 6, 3] },
  resnet101: { expansion: 4, counts: [3, 4, 23, 3] },
};

const STEMS: Record<Stem, number[]> = { deep: [64, 64, 128], '7x7': [64], d: [32, 32, 64] };

const COUNTER = 'num_batches_tracked';

/**
 * The names and shapes, in PyTorch's order, of all tensors in a public file of weights: torchvision's (7x7), or timm's
 * gluon "s" (deep) or "d". Written from their definitions, independently of the runner's networks. A counter has shape [].
 */
export function publicShapes(backbone: BackboneName, stem: Stem): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const norm = (name: string, channels: number) => {
    for (const each of ['weight', 'bias', 'running_mean', 'running_var']) shapes.set(`${name}.${each}`, [channels]);
    shapes.set(`${name}.${COUNTER}`, []);
  };
  const convNorm = (conv: string, bn: string, [outputs, inputs, kernel]: [number, number, number]) => {
    shapes.set(`${conv}.weight`, [outputs, inputs, kernel, kernel]);
    norm(bn, outputs);
  };
  const [first, second, third] = STEMS[stem] as [number, number, number];
  if (stem === '7x7') convNorm('conv1', 'bn1', [first, 3, 7]);
  else {
    convNorm('conv1.0', 'conv1.1', [first, 3, 3]);
    convNorm('conv1.3', 'conv1.4', [second, first, 3]);
    convNorm('conv1.6', 'bn1', [third, second, 3]);
  }
  const { expansion, counts } = PLANS[backbone];
  const [kernels, shortcut] = [expansion === 1 ? [3, 3] : [1, 3, 1], stem === 'd' ? 1 : 0];
  let inputs = STEMS[stem].at(-1)!;
  for (const [index, count] of counts.entries()) {
    const [channels, outputs] = [64 * 2 ** index, expansion * 64 * 2 ** index];
    for (let block = 0; block < count; block++) {
      const name = `layer${index + 1}.${block}`;
      for (const [i, kernel] of kernels.entries()) {
        const to = i === kernels.length - 1 ? outputs : channels;
        convNorm(`${name}.conv${i + 1}`, `${name}.bn${i + 1}`, [to, i === 0 ? inputs : channels, kernel]);
      }
      if (block === 0 && (index > 0 || inputs !== outputs)) {
        const at = `${name}.downsample`;
        convNorm(`${at}.${shortcut}`, `${at}.${shortcut + 1}`, [outputs, inputs, 1]);
      }
      inputs = outputs;
    }
  }
  shapes.set('fc.weight', [1000, inputs]);
  shapes.set('fc.bias', [1000]);
  return shapes;
}

/** Writes such a file, with the values of an untrained network. */
export async function writePublicWeights(file: string, backbone: BackboneName, stem: Stem): Promise<void> {
  const tensors: Record<string, TensorSource> = {};
  for (const [name, shape] of publicShapes(backbone, stem)) {
    const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
    const deviation = shape.length === 4 ? Math.sqrt(2 / (inputs * height * width)) : 0;
    const mean = shape.length === 1 && /\.(weight|running_var)$/.test(name) ? 1 : 0;
    const random = randomStream(0, 'init', 1, name);
    const length = outputs * inputs * height * width;
    tensors[name] = { shape, values: () => Float32Array.from({ length }, () => mean + deviation * random.normal()) };
  }
  await writeTensorFile(file, { tensors, metadata: {} });
}

export function isCounter(name: string): boolean {
  return name.endsWith(COUNTER);
}
