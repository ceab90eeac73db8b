import { type Base, createModule } from '../create-module.js';
import { LogLine } from './log-line.entity.js';
import { LogLineInput } from './logs.inputs.js';
import { LogsRepository } from './logs.repository.js';
import { LogsResolver } from './logs.resolver.js';
import { LogsService } from './logs.service.js';

export const logsModule = createModule({
  create: ({ dataSource }: Base) => ({ logs: new LogsService(new LogsRepository(dataSource)) }),
  entities: [LogLine],
  resolvers: [LogsResolver],
  report: {
    field: 'log',
    description: 'New log lines, in order.',
    input: () => [LogLineInput],
    record: ({ logs }, { transaction, run, attempt }, lines: LogLineInput[]) =>
      logs.record(transaction, run.id, attempt.fence, lines),
  },
});
