import { Arg, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { Run } from '../runs/run.entity.js';
import { LogLine } from './log-line.entity.js';
import type { LogsService } from './logs.service.js';

@Resolver(() => Run)
export class LogsResolver {
  constructor(
    private readonly services: {
      logs: LogsService;
    },
  ) {}

  @FieldResolver(() => [LogLine], {
    description: 'The last lines of the log, in the order in which they were written.',
  })
  log(
    @Root() run: Run,
    @Arg('last', () => Int, { defaultValue: 200, description: 'Maximum number of lines, from 1 to 5,000.' })
    last: number,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'Return only lines after the one with this id; null includes all lines.',
    })
    after: string | null,
  ): Promise<LogLine[]> {
    return this.services.logs.log(run.id, last, after);
  }
}
