import type { Engine } from '../tracking/engine.js';

/** An engine as the module that starts it describes it. */
export type StartedEngine = Omit<Engine, 'options'>;
