import type { Parameter, ParameterOf } from '../../../schema/problems/message.js';
import { ACCESS_REASONS } from './access.js';
import { INPUT_REASONS } from './inputs.js';
import { REQUEST_REASONS } from './requests.js';
import { STATE_REASONS } from './states.js';

/**
 * Every error that a client can get: its code, and its message with placeholders for its parameters. Clients know reasons and
 * parameters by name and may translate the messages, so names never change (docs/decisions/0025). docs/api/errors.md lists them.
 */
export const REASONS = { ...REQUEST_REASONS, ...ACCESS_REASONS, ...INPUT_REASONS, ...STATE_REASONS };

export type Reason = keyof typeof REASONS;

/** The parameters of an error, by name. */
export type ParametersOf<R extends Reason> = Readonly<Record<ParameterOf<(typeof REASONS)[R][1]>, Parameter>>;
