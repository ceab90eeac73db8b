import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AlarmKind } from '../../schema/alarms-config.js';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import { Alarm, AlarmKinds } from './alarm.entity.js';
import type { AlarmsService } from './alarms.service.js';

@Resolver(() => Alarm)
export class AlarmsResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
    },
  ) {}

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'Run that raised the alarm; null if it has been deleted since.',
  })
  run(@Root() alarm: Alarm, @Ctx() context: Context): Promise<Run | null> {
    return this.services.runs.load(context, alarm.runId);
  }
}

@Resolver(() => Run)
export class RunAlarmsResolver {
  constructor(
    private readonly services: {
      alarms: AlarmsService;
    },
  ) {}

  @FieldResolver(() => [Alarm], { description: 'Alarms that the run has raised, by step.' })
  alarms(
    @Root() run: Run,
    @Ctx() context: Context,
    @Arg('kind', () => AlarmKinds, { nullable: true, description: 'Only alarms of this kind. Default: all.' })
    kind: AlarmKind | null,
  ): Promise<Alarm[]> {
    return this.services.alarms.ofRun(context, run.id, { kind: kind ?? null });
  }

  @FieldResolver(() => [Alarm], {
    description:
      'Alarms of the run that are not over, by step: what looks wrong now or, if the run has ended, at its end.',
  })
  activeAlarms(@Root() run: Run, @Ctx() context: Context): Promise<Alarm[]> {
    return this.services.alarms.ofRun(context, run.id, { active: true });
  }
}
