import type { Engine } from '../tracking/engine.js';

/** An engine as described by the module that starts it. */
export type StartedEngine = Omit<Engine, 'options'>;
