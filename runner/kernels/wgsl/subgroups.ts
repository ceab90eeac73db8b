import type { WebGPUBackend } from '../../operations/tf.js';

/** What a shader of ours calls if it uses subgroups. It may then also read `subgroupId` and `numSubgroups`. */
const USE = /\bsubgroup(Add|Elect)\(/;

/** Where TensorFlow.js's shaders begin to run. */
const ENTRY = 'fn _start(';
const BODY = 'localId = LocalId;';

/** Devices whose shaders may use subgroups. */
const able = new WeakSet<GPUDevice>();

/** Whether shaders for this backend may use subgroups. */
export function hasSubgroups({ device }: WebGPUBackend): boolean {
  return able.has(device);
}

/**
 * Lets our shaders use subgroups, if the device has them. TensorFlow.js writes the head of every shader, so what subgroups need
 * there is added when the shader is compiled.
 * @param language the features of the shading language (`wgslLanguageFeatures`)
 */
export function allowSubgroups(device: GPUDevice, language: { has(name: string): boolean }): void {
  // The number of a thread's subgroup came to the language later than subgroups.
  if (!device.features.has('subgroups') || !language.has('subgroup_id')) return;
  able.add(device);
  const compile = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const { code } = descriptor;
    return compile(USE.test(code) ? { ...descriptor, code: withSubgroups(code) } : descriptor);
  };
}

function withSubgroups(code: string): string {
  const builtins = '@builtin(subgroup_id) SubgroupId : u32, @builtin(num_subgroups) NumSubgroups : u32, ';
  return `
    enable subgroups;
    var<private> subgroupId : u32;
    var<private> numSubgroups : u32;
    ${code
      .replace(ENTRY, `${ENTRY}${builtins}`)
      .replace(BODY, `subgroupId = SubgroupId; numSubgroups = NumSubgroups; ${BODY}`)}`;
}
