/** A GPU, or a program that stands in for one, as Dawn lists it. */
export interface Adapter {
  backend: string;
  name: string;
}

/** Adapters that compute on the processor, far slower than the wasm engine does. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/**
 * The adapter of each network that `choice` names: one for both, or one each, "0,1" or "RTX 3090, RX 6800".
 * @throws Error when there are more than two networks could use.
 */
export function adaptersOf(choice: string | null): (string | null)[] {
  if (choice === null) return [null];
  const each = choice.split(',').map((part) => part.trim());
  if (each.length <= 2 && !each.includes('')) return each;
  throw new Error(`engine "webgpu": adapter "${choice}" must name one GPU, or two with a comma between them`);
}

/** The list at the end of Dawn's refusal; a GPU that several graphics APIs offer is taken from the first of them. */
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
 * Refuses an adapter that is software unless `choice` is a part of its name. A place in the list does not count: once a GPU
 * has gone, its place is another's.
 * @throws Error that says what to do.
 */
export function refuseSoftware(adapter: Adapter, choice: string | null): void {
  if (!isSoftware(adapter) || (choice !== null && !/^\d+$/.test(choice))) return;
  throw new Error(
    `engine "webgpu": ${adapter.name} is no GPU but software; see to it that the system shows the GPU and its driver, or ` +
      'register anew with --force and --engine wasm, which is faster than software, or with a part of this name as --adapter',
  );
}

/**
 * The adapter that `choice` names: its place in the list, or a part of its name in any case; null takes the first that is a
 * GPU, else the first.
 * @throws Error with the list when there is none such, or when Dawn could not tell it from an earlier one.
 */
export function chooseAdapter(adapters: Adapter[], choice: string | null): Adapter {
  const list = describeAdapters(adapters);
  if (adapters.length === 0) {
    throw new Error('engine "webgpu" finds no adapter: it needs a GPU with a Vulkan, Metal or D3D12 driver');
  }
  const chosen = find(adapters, choice);
  if (!chosen) throw new Error(`engine "webgpu" has no adapter "${choice}"; there are: ${list}`);
  // Dawn takes the first adapter whose name contains what it is given.
  const taken = adapters.find(({ name }) => name.includes(chosen.name));
  if (taken !== chosen) {
    throw new Error(
      `engine "webgpu" cannot reach adapter "${choice}": an earlier one is called the same (${list}); hide the earlier ` +
        'one from this runner, with MESA_VK_DEVICE_SELECT, NVIDIA_VISIBLE_DEVICES in a container, or the like',
    );
  }
  return chosen;
}

/** `0: name, 1: name`, for messages. */
function describeAdapters(adapters: Adapter[]): string {
  return adapters.map(({ name }, index) => `${index}: ${name}`).join(', ');
}

function find(adapters: Adapter[], choice: string | null): Adapter | undefined {
  if (choice === null) return adapters.find((adapter) => !isSoftware(adapter)) ?? adapters[0];
  if (/^\d+$/.test(choice)) return adapters[Number(choice)];
  return adapters.find(({ name }) => name.toLowerCase().includes(choice.toLowerCase()));
}
