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

  @FieldResolver(() => [LogLine], { description: 'The last lines, the oldest of them first.' })
  log(
    @Root() run: Run,
    @Arg('last', () => Int, { defaultValue: 200, description: 'At most 5000.' }) last: number,
    @Arg('after', () => ID, { nullable: true, description: 'Only lines after the one with this id.' })
    after: string | null,
  ): Promise<LogLine[]> {
    return this.services.logs.log(run.id, last, after);
  }
}
