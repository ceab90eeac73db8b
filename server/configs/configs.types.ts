import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { GraphQLJSON } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

@ArgsType()
export class CompareConfigsArgs {
  @Field(() => [ID], { description: 'Runs to compare, from 2 to 50. NOT_FOUND if one does not exist.' })
  runIds!: string[];
}

@ObjectType({ description: 'Something in which runs differ.' })
export class RunDifference {
  @Field(() => String, { description: 'What differs, such as `network.backbone` or `engine`.' })
  path!: string;

  @Field(() => [GraphQLJSON], {
    nullable: 'items',
    description: 'One value for each of `ConfigComparison.runs`; null where a run has none.',
  })
  values!: unknown[];
}

@ObjectType({ description: 'The settings and facts in which several runs differ.' })
export class ConfigComparison {
  @Field(() => [Run], { description: 'The runs, in the order of `runIds`, each only once.' })
  runs!: Run[];

  @Field(() => [RunDifference], {
    description:
      'Settings of the configuration that are not the same in all runs, by path. A setting that is newer than a run has the ' +
      'value that it had in effect, as in filters.',
  })
  settings!: RunDifference[];

  @Field(() => Int, { description: 'Number of settings that are the same in all runs.' })
  equalSettings!: number;

  @Field(() => [RunDifference], {
    description:
      "What is not the same in all runs although it is not part of the configuration: the dataset's fingerprint (`dataset.fingerprint`), " +
      '`splitHash`, `labelledImages`, `unlabelledImages`, `parameters`, `engine` and `device`, null for ' +
      'runs that no runner has set up yet, and `version` and `commit` of the newest attempt, as in `Attempt`.',
  })
  facts!: RunDifference[];
}
