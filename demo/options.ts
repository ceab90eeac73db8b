import { InvalidArgumentError } from 'commander';

/** A command line's number. @throws InvalidArgumentError, which commander turns into a message */
export function positiveInt(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1 on.');
  return value;
}
