import type { ErrorCode } from '../error-codes.js';

/** Code of an error, and its message with placeholders for its parameters: `%{name}`, or `%{"name"}` for a quoted value. */
export type Reasons = Readonly<Record<string, readonly [ErrorCode, string]>>;
