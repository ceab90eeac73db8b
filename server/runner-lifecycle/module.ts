import type { AttemptsService } from '../attempts/attempts.service.js';
import type { AuthService } from '../auth/auth.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import { RunnerLifecycleResolver } from './lifecycle.resolver.js';
import { RunnerLifecycleService } from './lifecycle.service.js';

interface Needs extends Base {
  runners: RunnersService;
  auth: AuthService;
  datasets: DatasetsService;
  attempts: AttemptsService;
}

export const runnerLifecycleModule = createModule({
  create: ({ dataSource, env, runners, auth, attempts, datasets }: Needs) => {
    const { heartbeatSeconds, leaseSeconds, pollSeconds } = env;
    const pace = { heartbeatSeconds, leaseSeconds, pollSeconds };
    return { lifecycle: new RunnerLifecycleService({ dataSource, runners, auth, attempts, datasets, pace }) };
  },
  resolvers: [RunnerLifecycleResolver],
});
