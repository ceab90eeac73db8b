import type { ErrorCode } from '../error-codes.js';

/** Code of an error, and its message with placeholders for its parameters: `%{name}`, or `%{"name"}` for a quoted value. */
export type Reasons = Readonly<Record<string, readonly [ErrorCode, string]>>;

/** The names of the parameters in a message. */
export type ParameterOf<Message> = Message extends `${string}%{${infer Name}}${infer Rest}`
  ? (Name extends `"${infer Inner}"` ? Inner : Name) | ParameterOf<Rest>
  : never;
