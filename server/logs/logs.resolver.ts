import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Run } from '../runs/run.entity.js';
import { LogLine } from './log-line.entity.js';
import { LogsService } from './logs.service.js';

@Resolver(() => Run)
export class LogsResolver {
  constructor(private readonly logsService: LogsService) {}

  @FieldResolver(() => [LogLine], { description: 'The last lines, the oldest of them first.' })
  log(@Root() run: Run, @Arg('last', () => Int, { defaultValue: 200 }) last: number): Promise<LogLine[]> {
    return this.logsService.log(run.id, last);
  }
}
