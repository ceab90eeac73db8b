import { And, type FindOperator, LessThanOrEqual, MoreThan } from 'typeorm';

/** A column that is greater than `from` and at most `to`. */
export function between(from: number, to: number): FindOperator<number> {
  return And(MoreThan(from), LessThanOrEqual(to));
}
