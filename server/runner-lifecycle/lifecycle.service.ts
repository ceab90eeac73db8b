import type { DataSource } from 'typeorm';
import { PROTOCOL_VERSION } from '../../schema/protocol-version.js';
import type { AttemptsService } from '../attempts/attempts.service.js';
import type { AuthService } from '../auth/auth.service.js';
import { hashSecret, newSecret } from '../auth/secrets.js';
import { checkOverlap } from '../auth/tokens.service.js';
import { inTransaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { RunnerInstanceInput } from '../runners/runner-instance.input.js';
import type { RunnersService } from '../runners/runners.service.js';
import {
  checkRunnerInfo,
  type RegisteredRunner,
  type RotatedRunner,
  type RunnerInfoInput,
  type RunnerSettings,
} from './lifecycle.inputs.js';

export type Pace = Pick<RunnerSettings, 'heartbeatSeconds' | 'leaseSeconds' | 'pollSeconds'>;

/** Registers, starts and removes runners. */
export class RunnerLifecycleService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      runners: RunnersService;
      auth: AuthService;
      attempts: AttemptsService;
      datasets: DatasetsService;
      pace: Pace;
    },
  ) {}

  /** Registers a machine. If this fails for another reason, the registration token is not used up. */
  async register(registrationToken: string, info: RunnerInfoInput, address: string | null): Promise<RegisteredRunner> {
    const token = newSecret('runner');
    const runner = await this.deps.auth.withRegistration(registrationToken, address, (use) =>
      inTransaction(this.deps.dataSource, async (transaction) => {
        await use(transaction);
        checkRunnerInfo(info);
        const added = await this.deps.runners.add(transaction, info, hashSecret(token));
        await this.deps.datasets.announce(transaction, added.id, info.datasets);
        return added;
      }),
    );
    return { runner, token };
  }

  /** An agent that has just started trains nothing. So the runner's active attempts are lost, and their runs queued again. */
  async start(runnerId: string, info: RunnerInfoInput, instance: RunnerInstanceInput | null): Promise<RunnerSettings> {
    checkRunnerInfo(info);
    await this.deps.runners.hold(runnerId, instance);
    const runner = await inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.attempts.loseHeldBy(transaction, runnerId, 'the agent was restarted');
      const restarted = await this.deps.runners.restart(transaction, runnerId, info);
      await this.deps.datasets.announce(transaction, runnerId, info.datasets);
      return restarted;
    });
    return { runner, protocolVersion: PROTOCOL_VERSION, ...this.deps.pace };
  }

  /** The instance has stopped. */
  release(runnerId: string, instance: RunnerInstanceInput): Promise<void> {
    return this.deps.runners.release(runnerId, instance);
  }

  /** Replaces the token of a runner. @throws NOT_FOUND, BAD_USER_INPUT */
  async rotateToken(id: string, overlapSeconds: number): Promise<RotatedRunner> {
    checkOverlap(overlapSeconds);
    const token = newSecret('runner');
    const runner = await inTransaction(this.deps.dataSource, (transaction) =>
      this.deps.runners.rotateToken(transaction, id, hashSecret(token), overlapSeconds),
    );
    return { runner, token };
  }

  /** Removes the runner. Its token becomes invalid. */
  async remove(id: string): Promise<string> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      if (!isId(id)) throw notFound('runner', id);
      await this.deps.attempts.loseHeldBy(transaction, id, 'the runner was removed');
      await this.deps.runners.remove(transaction, id);
      return id;
    });
  }
}
