/** A GPU, or a software implementation of one, as listed by Dawn. */
export interface Adapter {
  backend: string;
  name: string;
}

/** The names of adapters that compute on the CPU, far more slowly than the wasm engine. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/**
 * Splits `choice` into the adapters of the networks: one for both, or one for each, such as "0,1" or "RTX 3090, RX 6800".
 * @throws Error when it names more than two, or an empty one.
 */
export function adaptersOf(choice: string | null): (string | null)[] {
  if (choice === null) return [null];
  const each = choice.split(',').map((part) => part.trim());
  if (each.length <= 2 && !each.includes('')) return each;
  throw new Error(`engine "webgpu": adapter "${choice}" must name one GPU, or two separated by a comma`);
}

/** Parses the list at the end of Dawn's error message. If several graphics APIs offer a GPU, the first one is used. */
export function parseAdapters(message: string): Adapter[] {
  const all = [...message.matchAll(/^ \* backend: '(.*)', name: '(.*)'$/gm)].map(([, backend, name]) => ({
    backend: backend!,
    name: name!,
  }));
  return all.filter(({ backend }) => backend === all[0]!.backend);
}

export function isSoftware({ name }: Adapter): boolean {
  return SOFTWARE.test(name);
}

/**
 * Refuses a software adapter unless `choice` is a part of its name. An index is not enough: when a GPU disappears, another
 * adapter gets its index.
 * @throws Error when the adapter is refused; the message says what to do.
 */
export function refuseSoftware(adapter: Adapter, choice: string | null): void {
  if (!isSoftware(adapter) || (choice !== null && !/^\d+$/.test(choice))) return;
  throw new Error(
    `engine "webgpu": ${adapter.name} is a software GPU; make sure that the system has a GPU and its driver, or register ` +
      'again with --force and either --engine wasm, which is faster, or --adapter with a part of this name to use it anyway',
  );
}

/**
 * The adapter that `choice` names by its index or by a part of its name, ignoring case. null chooses the first real GPU, or
 * else the first adapter.
 * @throws Error with the list when there is no such adapter, or when Dawn would open an earlier one instead.
 */
export function chooseAdapter(adapters: Adapter[], choice: string | null): Adapter {
  const list = describeAdapters(adapters);
  if (adapters.length === 0) {
    throw new Error('engine "webgpu" found no adapter; it needs a GPU with a Vulkan, Metal or D3D12 driver');
  }
  const chosen = find(adapters, choice);
  if (!chosen) throw new Error(`engine "webgpu" has no adapter "${choice}"; available: ${list}`);
  // Dawn opens the first adapter whose name contains the given one.
  const taken = adapters.find(({ name }) => name.includes(chosen.name));
  if (taken !== chosen) {
    throw new Error(
      `engine "webgpu" cannot open adapter "${choice}": the name of an earlier one matches it, too (${list}); hide the ` +
        'earlier one from this runner, for example with MESA_VK_DEVICE_SELECT, or NVIDIA_VISIBLE_DEVICES in a container',
    );
  }
  return chosen;
}

/** The adapters as `0: name, 1: name`, for messages. */
function describeAdapters(adapters: Adapter[]): string {
  return adapters.map(({ name }, index) => `${index}: ${name}`).join(', ');
}

function find(adapters: Adapter[], choice: string | null): Adapter | undefined {
  if (choice === null) return adapters.find((adapter) => !isSoftware(adapter)) ?? adapters[0];
  if (/^\d+$/.test(choice)) return adapters[Number(choice)];
  return adapters.find(({ name }) => name.toLowerCase().includes(choice.toLowerCase()));
}
