/** Adds the own kernels to the wasm engine that has started. */
export async function registerWasmKernels(): Promise<void> {}
