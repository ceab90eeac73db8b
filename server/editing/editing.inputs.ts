import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { RunWhere } from '../runs/filter/where.inputs.js';

const KEPT = 'Null or left out: not changed.';

/** What runs and studies have in common. */
@InputType()
abstract class TagChanges {
  @Field(() => [String], {
    nullable: true,
    description: `All tags; an empty list removes them. At most 50, each 1 to 64 characters. ${KEPT}`,
  })
  tags?: string[] | null;

  @Field(() => [String], { nullable: true, description: `Tags to add to those that it has. ${KEPT}` })
  addTags?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags to remove. Those that it does not have are ignored. ${KEPT}`,
  })
  removeTags?: string[] | null;
}

@InputType({
  description:
    'What to change about a run. At least one field is needed. Fields that are null or left out do not change.',
})
export class UpdateRunInput extends TagChanges {
  @Field(() => String, {
    nullable: true,
    description: `New name, 1 to 256 characters. ${KEPT} BAD_USER_INPUT in \`updateRuns\`.`,
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Notes in Markdown, at most 10,000 characters; an empty text removes them. ${KEPT}`,
  })
  notes?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether it is archived, so that lists of the dashboard and the command line leave it out. ${KEPT}`,
  })
  archived?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: `Higher priority runs first. ${KEPT} CONFLICT unless the run is QUEUED.`,
  })
  priority?: number | null;
}

@InputType({
  description: 'What to change about a study. At least one field is needed. Fields that are left out do not change.',
})
export class UpdateStudyInput extends TagChanges {
  @Field(() => String, { nullable: true, description: `New name, 1 to 256 characters. ${KEPT}` })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Notes in Markdown, at most 10,000 characters; an empty text removes them. ${KEPT}`,
  })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether it is archived, so that the dashboard's list leaves it out. Its runs do not change. ${KEPT}`,
  })
  archived?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Run of the study that the others are compared with; null: none. Left out: not changed. ' +
      'BAD_USER_INPUT if the run does not belong to the study.',
  })
  baselineRunId?: string | null;
}

/** Which runs a mutation changes. */
@ArgsType()
export class RunSelection {
  @Field(() => RunWhere, {
    nullable: true,
    description: 'A condition that a run must meet. `where` or `query` is needed. Archived runs count like others.',
  })
  where?: RunWhere | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same as one line of text (docs/api/filter.md). If both are given, both must hold.',
  })
  query?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Changes nothing, and returns what would be changed.',
  })
  dryRun!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many runs the filter must match, as counted by a dry run; CONFLICT if it matches a different number. ' +
      'Null: any number up to 1,000.',
  })
  expectedCount?: number | null;
}

@ObjectType({ description: 'A run that a filter matches but that cannot be changed as asked. It stays as it is.' })
export class RefusedRun {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  id!: string;

  @Field(() => Int, { description: 'Number of the run on this server.' })
  number!: number;

  @Field(() => String, { description: 'Why, such as `run 12 is RUNNING: …`.' })
  reason!: string;
}

@ObjectType({ description: 'What a mutation has done with the runs that a filter matches.' })
export class ChangedRuns {
  @Field(() => Boolean, { description: 'Whether this was a dry run, which changes nothing.' })
  dryRun!: boolean;

  @Field(() => Int, { description: 'How many runs the filter matches.' })
  matched!: number;

  @Field(() => Int, {
    description: 'How many of them were changed or needed no change; in a dry run, how many would be.',
  })
  changed!: number;

  @Field(() => [Int], { description: 'Numbers of the first 100 of these, ascending.' })
  numbers!: number[];

  @Field(() => [RefusedRun], { description: 'All others, by number, and why each was refused.' })
  refused!: RefusedRun[];

  /** Of the runs that were changed, for the audit log. */
  ids!: string[];
}
