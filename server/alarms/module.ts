import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunsService } from '../runs/runs.service.js';
import { Alarm, AlarmCounter, RetractedAlarm } from './alarm.entity.js';
import { AlarmEndInput, AlarmInput } from './alarms.inputs.js';
import { AlarmsRepository } from './alarms.repository.js';
import { AlarmsResolver, RunAlarmsResolver } from './alarms.resolver.js';
import { AlarmsService } from './alarms.service.js';

export const alarmsModule = createModule({
  create: ({ dataSource, events, datasets }: Base & { datasets: DatasetsService; runs: RunsService }) => ({
    alarms: new AlarmsService({ repository: new AlarmsRepository(dataSource), datasets, events }),
  }),
  entities: [Alarm, RetractedAlarm, AlarmCounter],
  resolvers: [RunAlarmsResolver, AlarmsResolver],
  nodes: [
    {
      entity: Alarm,
      load: async ({ alarms }, _context, ids) => (await alarms.byIds(ids)).filter((alarm) => alarm !== null),
    },
  ],
  report: [
    {
      field: 'alarms',
      description: 'New alarms, as found after an evaluation.',
      input: () => [AlarmInput],
      record: ({ alarms }, { transaction, run, change }, inputs: AlarmInput[]) =>
        alarms.record(transaction, run, change, inputs),
    },
    {
      field: 'alarmEnds',
      description: 'Alarms that are over, of this report or of earlier ones.',
      input: () => [AlarmEndInput],
      record: ({ alarms }, { transaction, run, change }, inputs: AlarmEndInput[]) =>
        alarms.end(transaction, run, change, inputs),
    },
  ],
});
