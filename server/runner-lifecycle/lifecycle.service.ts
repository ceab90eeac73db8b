import type { DataSource } from 'typeorm';
import type { AttemptsService } from '../attempts/attempts.service.js';
import type { AuthService } from '../auth/auth.service.js';
import { hashSecret, newSecret } from '../auth/secrets.js';
import { inTransaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { RunnersRepository } from '../runners/runners.repository.js';
import type { RunnersService } from '../runners/runners.service.js';
import {
  checkRunnerInfo,
  type RegisteredRunner,
  type RunnerInfoInput,
  type RunnerSettings,
} from './lifecycle.inputs.js';

export type Pace = Pick<RunnerSettings, 'heartbeatSeconds' | 'leaseSeconds' | 'pollSeconds'>;

/** How a machine joins, starts and leaves. */
export class RunnerLifecycleService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: RunnersRepository,
    private readonly runnersService: RunnersService,
    private readonly authService: AuthService,
    private readonly attemptsService: AttemptsService,
    private readonly datasetsService: DatasetsService,
    private readonly pace: Pace,
  ) {}

  /** Takes one use of the registration token, unless something else is refused. */
  async register(registrationToken: string, info: RunnerInfoInput): Promise<RegisteredRunner> {
    checkRunnerInfo(info);
    const token = newSecret('runner');
    const runner = await inTransaction(this.dataSource, async (transaction) => {
      await this.authService.useRegistration(transaction, registrationToken);
      const id = await this.repository.insert(transaction, info, hashSecret(token));
      await this.datasetsService.announce(transaction, id, info.datasets);
      await this.runnersService.publishChanged(transaction, id);
      return (await this.repository.byId(transaction, id))!;
    });
    return { runner, token };
  }

  /** An agent that has just started trains nothing, so what this runner held is lost and queued again at once. */
  async start(runnerId: string, info: RunnerInfoInput): Promise<RunnerSettings> {
    checkRunnerInfo(info);
    const runner = await inTransaction(this.dataSource, async (transaction) => {
      await this.attemptsService.loseHeldBy(transaction, runnerId, 'the agent was started again');
      await this.repository.update(transaction, runnerId, info);
      await this.datasetsService.announce(transaction, runnerId, info.datasets);
      await this.runnersService.publishChanged(transaction, runnerId);
      return (await this.repository.byId(transaction, runnerId))!;
    });
    return { runner, ...this.pace };
  }

  /** Its token is void from now on. */
  async remove(id: string): Promise<string> {
    return inTransaction(this.dataSource, async (transaction) => {
      if (!isId(id)) throw notFound('runner', id);
      await this.attemptsService.loseHeldBy(transaction, id, 'the runner was removed');
      if (!(await this.repository.delete(transaction, id))) throw notFound('runner', id);
      await this.runnersService.publishChanged(transaction, id);
      return id;
    });
  }
}
