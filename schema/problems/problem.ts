import { filled, type ParameterOf, type Parameters } from './message.js';

/** What is wrong, for people and for programs. */
export interface Mistake {
  /** With the value and what is allowed. */
  message: string;
  /** Names the rule. docs/api/errors.md lists all of them. */
  reason: string;
  /** What varies in the message. */
  params: Parameters;
}

/** A mistake in one field of an input. */
export interface Problem extends Mistake {
  /** Dotted path of the field, '' for the whole input. */
  field: string;
}

/**
 * Creates the function that makes mistakes from a table of messages. `words` fill placeholders besides the parameters, because a
 * program can make them from the parameters: "a text or a number" from `types: ["text", "number"]`.
 */
export function mistakesOf<Messages extends Readonly<Record<string, string>>>(messages: Messages) {
  return <R extends keyof Messages & string, W extends Readonly<Record<string, string>> = Record<never, string>>(
    reason: R,
    params: Parameters & Readonly<Record<Exclude<ParameterOf<Messages[R]>, keyof W>, Parameters[string]>>,
    words?: W,
  ): Mistake => ({ message: filled(messages[reason]!, { ...params, ...words }), reason, params });
}
