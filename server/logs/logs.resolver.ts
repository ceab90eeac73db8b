import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
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
    description:
      'Lines of the log, in the order in which they were written: the last ones, unless `fromStart` is true. The whole log is ' +
      'at `/runs/<id or number>/log.txt`.',
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
    @Arg('before', () => ID, {
      nullable: true,
      description: 'Return only lines before the one with this id, for the page before; null includes all lines.',
    })
    before: string | null,
    @Arg('fromStart', () => Boolean, {
      defaultValue: false,
      description: 'Return the first of these lines, and not the last. With `after`, this is the page after a line.',
    })
    fromStart: boolean,
    @Ctx() context: Context,
  ): Promise<LogLine[]> {
    return this.services.logs.load(context, run.id, { last, after: after ?? null, before: before ?? null, fromStart });
  }
}
