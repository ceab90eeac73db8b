import { describe, expect, it } from 'vitest';
import { type Adapter, adaptersOf, chooseAdapter, isSoftware, parseAdapters, refuseSoftware } from './adapters.js';

const named = (...names: string[]): Adapter[] => names.map((name) => ({ backend: 'vulkan', name }));
const MIXED = named('llvmpipe (LLVM 15.0.6, 256 bits)', 'NVIDIA GeForce RTX 3090', 'AMD Radeon RX 6800');

describe('parseAdapters', () => {
  it("parses Dawn's list and keeps each GPU only once, for one graphics API", () => {
    const message = [
      'no suitable backends found',
      'Available adapters:',
      " * backend: 'd3d12', name: 'GPU A'",
      " * backend: 'd3d12', name: 'GPU B'",
      " * backend: 'vulkan', name: 'GPU A'",
    ].join('\n');
    expect(parseAdapters(message)).toEqual([
      { backend: 'd3d12', name: 'GPU A' },
      { backend: 'd3d12', name: 'GPU B' },
    ]);
    expect(parseAdapters('no suitable backends found\nAvailable adapters:')).toEqual([]);
  });
});

describe('chooseAdapter', () => {
  it('chooses the first real GPU by default', () => {
    expect(chooseAdapter(MIXED, null).name).toBe('NVIDIA GeForce RTX 3090');
    expect(chooseAdapter(named('llvmpipe'), null).name).toBe('llvmpipe');
  });

  it('chooses an adapter by its index or by a part of its name', () => {
    expect(chooseAdapter(MIXED, '2').name).toBe('AMD Radeon RX 6800');
    expect(chooseAdapter(MIXED, 'radeon').name).toBe('AMD Radeon RX 6800');
    expect(chooseAdapter(MIXED, '0').name).toContain('llvmpipe');
  });

  it.each(['3', 'intel'])('lists the available adapters if there is no "%s"', (choice) => {
    expect(() => chooseAdapter(MIXED, choice)).toThrow(`no adapter "${choice}"; available: 0: llvmpipe`);
  });

  it('refuses a GPU if Dawn would open an earlier one instead, on which two runs might then train', () => {
    const twins = named('NVIDIA A100', 'NVIDIA A100');
    expect(chooseAdapter(twins, '0')).toBe(twins[0]);
    expect(() => chooseAdapter(twins, '1')).toThrow('the name of an earlier one matches it, too');
    expect(() => chooseAdapter(named('RTX 3090 Ti', 'RTX 3090'), '1')).toThrow('the name of an earlier one matches');
  });

  it('says what is needed if there is no adapter', () => {
    expect(() => chooseAdapter([], null)).toThrow('a GPU with a Vulkan, Metal or D3D12 driver');
  });
});

describe('refuseSoftware', () => {
  const [software, gpu] = MIXED as [Adapter, Adapter];

  it('accepts a GPU, and a software GPU that is requested by name', () => {
    expect(() => refuseSoftware(gpu, null)).not.toThrow();
    expect(() => refuseSoftware(gpu, '1')).not.toThrow();
    expect(() => refuseSoftware(software, 'LLVM')).not.toThrow();
  });

  it.each([null, '0'])('says what to do about a software GPU that is not requested by name but by %s', (choice) => {
    expect(() => refuseSoftware(software, choice)).toThrow(/llvmpipe .* is a software GPU; .* --engine wasm/);
  });
});

describe('isSoftware', () => {
  it.each([
    ['SwiftShader Device (Subzero)', true],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', true],
    ['Microsoft Basic Render Driver', true],
    ['NVIDIA GeForce RTX 3090', false],
    ['Apple M1 Max', false],
    ['Intel(R) UHD Graphics 620', false],
  ])('%s: %s', (name, software) => {
    expect(isSoftware({ backend: 'vulkan', name })).toBe(software);
  });
});

describe('adaptersOf', () => {
  it('accepts one adapter for both networks, or one for each', () => {
    expect(adaptersOf(null)).toEqual([null]);
    expect(adaptersOf('1')).toEqual(['1']);
    expect(adaptersOf('RTX 3090, RX 6800')).toEqual(['RTX 3090', 'RX 6800']);
  });

  it.each(['0,1,2', '0,'])('refuses "%s" and says what is allowed', (choice) => {
    expect(() => adaptersOf(choice)).toThrow(`adapter "${choice}" must name one GPU, or two`);
  });
});
