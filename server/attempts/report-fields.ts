import { Field } from 'type-graphql';
import type { ReportKind } from '../create-module.js';
import { AttemptReportInput } from './attempts.types.js';

const added = new Set<string>();

/** Gives AttemptReportInput the field of a kind of report; once, however many schemas are built. */
export function addReportField({ field, input, description }: ReportKind<never>): void {
  if (added.has(field)) return;
  added.add(field);
  Field(input, { nullable: true, description })(AttemptReportInput.prototype, field);
}
