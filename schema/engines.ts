/** Best first, and last the slow reference. A run's configuration can ask for each of them: placement.engine. */
export const ENGINE_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
