import { describe, expect, it } from 'vitest';
import { fromPytorch, pytorchShape, type ShapedValues } from '../filter-layout.js';
import shapes from '../fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import type { TensorFileRead } from '../safetensors.js';
import type { Stem } from '../stem.js';
import { describeMatch } from './describe.js';
import { matchBackbone } from './match.js';

type Backbone = 'resnet18' | 'resnet50';

/** The backbone's tensors: name → shape in the network's layout. */
function wantedBy(backbone: Backbone, inputChannels = 3, stem: Stem = 'deep'): Map<string, number[]> {
  const entries = Object.entries<number[]>(shapes[`${backbone} ${stem}`])
    .filter(([name]) => name.startsWith('backbone.'))
    .map(([name, shape]): [string, number[]] => [name.slice('backbone.'.length), shape]);
  const wanted = new Map(entries);
  const first = stem === '7x7' ? 'conv1.weight' : 'conv1.0.weight';
  const [height, width, , outputs] = wanted.get(first)!;
  return wanted.set(first, [height!, width!, inputChannels, outputs!]);
}

function tensor(shape: number[], start: number): ShapedValues & { shape: number[] } {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, i) => start + i / size) };
}

/** A file as torchvision or timm writes it for this network: every tensor, the classifier and the batch norm counters. */
function fileFor(backbone: Backbone, stem: Stem): TensorFileRead {
  const names = [...wantedBy(backbone, 3, stem)];
  const tensors = Object.fromEntries(names.map(([name, shape], i) => [name, tensor(pytorchShape(shape), i)]));
  const counters = names.filter(([name]) => name.endsWith('.running_var')).map(([name]) => name);
  return {
    tensors: { ...tensors, 'fc.weight': tensor([10, 4], 0), 'fc.bias': tensor([10], 0) },
    metadata: {},
    others: Object.fromEntries(counters.map((name) => [name.replace('running_var', 'num_batches_tracked'), 'I64'])),
  };
}

const deepStemFile = (backbone: Backbone) => fileFor(backbone, 'deep');
const plainStemFile = (backbone: Backbone) => fileFor(backbone, '7x7');

describe.each(['resnet18', 'resnet50'] as const)('weights for a %s', (backbone) => {
  it.each(['deep', '7x7', 'd'] as const)('are loaded whole by a network with the same stem: %s', (stem) => {
    const file = fileFor(backbone, stem);
    const wanted = wantedBy(backbone, 3, stem);
    const match = matchBackbone('file', file, wanted);
    expect([...match.tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
    expect(match.missing).toEqual([]);
    expect(match.tensors.get('layer2.0.conv1.weight')).toEqual(fromPytorch(file.tensors['layer2.0.conv1.weight']!));
    const counters = Object.keys(file.others).length;
    expect(describeMatch(match, new Map([['head', 7]]))).toBe(
      `${wanted.size} of ${wanted.size} tensors of the backbone loaded; always random: head (7 tensors); ` +
        `not used from the file: fc (weight, bias), ${counters} batch norm counters`,
    );
  });

  it('with a 7x7 stem are loaded by a deep one without the stem and its readers; every tensor is accounted for', () => {
    const file = plainStemFile(backbone);
    const wanted = wantedBy(backbone);
    const { tensors, missing, leftOver, misfits } = matchBackbone('file', file, wanted);
    const stem = [...wanted.keys()].filter((name) => /^(conv1|bn1)\./.test(name));
    const shortcut = [...wanted.keys()].filter((name) => name.startsWith('layer1.0.downsample'));
    const lost = backbone === 'resnet18' ? shortcut : ['layer1.0.downsample.0.weight'];
    expect(missing.sort()).toEqual([...stem, 'layer1.0.conv1.weight', ...lost].sort());
    const advice = 'the file has a 7x7 stem: set network.stem to 7x7';
    const readers =
      backbone === 'resnet18'
        ? ['layer1.0.conv1.weight has shape [8,8,3,3], but the network needs [8,16,3,3]']
        : ['conv1', 'downsample.0'].map((each) => {
            const outputs = each === 'conv1' ? 4 : 16;
            return `layer1.0.${each}.weight has shape [${outputs},4,1,1], but the network needs [${outputs},8,1,1]`;
          });
    expect(misfits).toEqual([...readers, advice]);
    const named = Object.keys(file.tensors).length + Object.keys(file.others).length;
    expect(tensors.size + leftOver.length + readers.length).toBe(named);
    expect(tensors.size + missing.length).toBe(wanted.size);
    expect(leftOver).toEqual(expect.arrayContaining(['conv1.weight', 'bn1.running_mean', 'fc.bias']));
    const text = describeMatch({ tensors, missing, leftOver, misfits });
    expect(text).toContain(`; not loaded, so initialised at random: ${missing.length} tensors, `);
    expect(text).toContain(', conv1.0 (weight), ');
    expect(text).toContain('bn1 (weight, bias, running_mean, running_var)');
    expect(text).toContain(`; ${readers[0]}; `);
    expect(text.endsWith(advice)).toBe(true);
  });
});

describe('weights that do not fit', () => {
  it('are refused by name with both shapes', () => {
    const file = deepStemFile('resnet18');
    file.tensors['conv1.3.weight'] = tensor([4, 4, 3, 3], 0);
    file.tensors['layer3.1.bn2.weight'] = tensor([5], 0);
    const match = () => matchBackbone('/data/a.safetensors', file, wantedBy('resnet18'));
    expect(match).toThrow('/data/a.safetensors do not fit');
    expect(match).toThrow('conv1.3.weight has shape [4,4,3,3], but the network needs [8,8,3,3]');
    expect(match).toThrow('layer3.1.bn2.weight has shape [5], but the network needs [32]');
  });

  it('with another stem are refused with the filters of both stems, at most ten names, and what to set', () => {
    const match = () => matchBackbone('w', fileFor('resnet18', 'd'), wantedBy('resnet18', 3, '7x7'));
    expect(match).toThrow(
      'the pretrained weights w do not fit the network: conv1.0.weight with shape [4,3,3,3] is not in the network; ',
    );
    expect(match).toThrow('conv1.weight with shape [8,3,7,7] is not in the file; ');
    expect(match).toThrow('layer2.0.downsample.1.weight has shape [16,8,1,1], but the network needs [16]');
    expect(match).toThrow("; the file has the stem and shortcuts of timm's ResNet-D: set network.stem to d");
  });

  it('with a stem that no network has are refused with all stems', () => {
    const file = fileFor('resnet18', '7x7');
    file.tensors['conv1.weight'] = tensor([8, 3, 3, 3], 0);
    for (const stem of ['deep', '7x7', 'd'] as const) {
      const match = () => matchBackbone('file', file, wantedBy('resnet18', 3, stem));
      expect(match).toThrow('the file has a stem that network.stem does not offer: deep (a deep stem with 64, 64 and');
    }
    // As timm's resnet50c: the narrow stem of "d", without its shortcuts.
    const narrow = fileFor('resnet50', '7x7');
    for (const name of Object.keys(narrow.tensors)) if (name.startsWith('conv1.')) delete narrow.tensors[name];
    for (const [name, stem] of Object.entries(fileFor('resnet50', 'd').tensors)) {
      if (name.startsWith('conv1.')) narrow.tensors[name] = stem;
    }
    for (const stem of ['deep', '7x7', 'd'] as const) {
      const match = () => matchBackbone('file', narrow, wantedBy('resnet50', 3, stem));
      expect(match).toThrow('the file has a stem that network.stem does not offer');
    }
  });

  it('of another width are refused with ten names and the number of further ones', () => {
    const wanted = new Map([...wantedBy('resnet50')].map(([name, shape]) => [name, shape.map((side) => 2 * side)]));
    const match = () => matchBackbone('file', deepStemFile('resnet50'), wanted);
    expect(match).toThrow(`and ${wanted.size - 10} more`);
  });

  it('are refused when a plain stem does not explain the difference', () => {
    const file = plainStemFile('resnet50');
    file.tensors['layer1.0.conv1.weight'] = tensor([3, 4, 1, 1], 0);
    expect(() => matchBackbone('file', file, wantedBy('resnet50'))).toThrow(
      'layer1.0.conv1.weight has shape [3,4,1,1]',
    );
  });

  it('are refused when they belong to a deeper network or to no ResNet', () => {
    const file = deepStemFile('resnet50');
    expect(() => matchBackbone('file', file, wantedBy('resnet18'))).toThrow(
      "its layers have 3-4-6-3 blocks, but the network's layers have 2-2-2-2",
    );
    const strange = { tensors: { 'vit.embed': tensor([1], 0) }, metadata: {}, others: {} };
    expect(() => matchBackbone('file', strange, wantedBy('resnet18'))).toThrow('the first one is "vit.embed"');
  });

  it('are refused when a weight does not have a floating-point type', () => {
    const file = deepStemFile('resnet18');
    delete file.tensors['layer1.0.bn1.bias'];
    file.others['layer1.0.bn1.bias'] = 'I8';
    expect(() => matchBackbone('file', file, wantedBy('resnet18'))).toThrow('layer1.0.bn1.bias is I8');
  });
});

describe.each([
  ['deep', 'conv1.0.weight', 3],
  ['7x7', 'conv1.weight', 7],
] as const)('the first convolution of stem %s', (stem, name, kernel) => {
  const file = fileFor('resnet18', stem);
  const rgb = fromPytorch(file.tensors[name]!);
  const at = ({ shape, values }: ShapedValues, tap: number, input: number, output: number) =>
    values[(tap * shape[2]! + input) * shape[3]! + output]!;
  const adapted = (channels: number) =>
    matchBackbone('file', file, wantedBy('resnet18', channels, stem)).tensors.get(name)!;

  it('sums the three channels for an image with one channel', () => {
    const grey = adapted(1);
    expect(grey.shape).toEqual([kernel, kernel, 1, 8]);
    for (const [tap, output] of [
      [0, 0],
      [4, 7],
      [8, 3],
    ] as const) {
      const sum = [0, 1, 2].reduce((total, input) => total + at(rgb, tap, input, output), 0);
      expect(at(grey, tap, 0, output)).toBeCloseTo(sum, 6);
    }
  });

  it('gives a fourth channel the mean of the first three, which do not change', () => {
    const four = adapted(4);
    expect(four.shape).toEqual([kernel, kernel, 4, 8]);
    for (const [tap, output] of [
      [0, 0],
      [4, 7],
      [8, 3],
    ] as const) {
      const each = [0, 1, 2].map((input) => at(rgb, tap, input, output));
      expect([0, 1, 2].map((input) => at(four, tap, input, output))).toEqual(each);
      expect(at(four, tap, 3, output)).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 6);
    }
  });

  it('is refused for any other number of channels', () => {
    expect(() => adapted(2)).toThrow(
      `${name} has shape [8,3,${kernel},${kernel}], but the network needs [8,2,${kernel},${kernel}]`,
    );
  });
});
