import type { DataSource } from 'typeorm';
import { AlarmsRepository } from './alarms/alarms.repository.js';
import { AlarmsResolver, RunAlarmsResolver } from './alarms/alarms.resolver.js';
import { AlarmsService } from './alarms/alarms.service.js';
import { AttemptsRepository } from './attempts/attempts.repository.js';
import { AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver } from './attempts/attempts.resolver.js';
import { AttemptsService } from './attempts/attempts.service.js';
import { ReportsService } from './attempts/reports.service.js';
import { RunQueueRepository } from './attempts/run-queue.repository.js';
import { Sweeper } from './attempts/sweeper.js';
import { AuthResolver } from './auth/auth.resolver.js';
import { AuthService } from './auth/auth.service.js';
import { TokensRepository } from './auth/tokens.repository.js';
import { BlobCollector } from './blobs/blob-collector.js';
import { BlobsRepository } from './blobs/blobs.repository.js';
import { BlobsService } from './blobs/blobs.service.js';
import { CheckpointsRepository } from './checkpoints/checkpoints.repository.js';
import { CheckpointsService } from './checkpoints/checkpoints.service.js';
import { Instances } from './container.js';
import type { Container } from './context.js';
import { DatasetsRepository } from './datasets/datasets.repository.js';
import { DatasetsResolver, RunnerDatasetsResolver } from './datasets/datasets.resolver.js';
import { DatasetsService } from './datasets/datasets.service.js';
import type { Env } from './env.js';
import { ComparisonsRepository } from './evaluations/comparisons.repository.js';
import { ComparisonsService } from './evaluations/comparisons.service.js';
import { EvaluationsRepository } from './evaluations/evaluations.repository.js';
import { EvaluationsResolver, RunEvaluationsResolver, StudyTableResolver } from './evaluations/evaluations.resolver.js';
import { EvaluationsService } from './evaluations/evaluations.service.js';
import type { Events } from './events/events.js';
import { LiveResolver } from './live/live.resolver.js';
import { LiveService } from './live/live.service.js';
import { LiveMetricsService } from './live/live-metrics.service.js';
import type { Logger } from './logger.js';
import { LogsRepository } from './logs/logs.repository.js';
import { LogsResolver } from './logs/logs.resolver.js';
import { LogsService } from './logs/logs.service.js';
import { MetricsRepository } from './metrics/metrics.repository.js';
import { MetricsResolver } from './metrics/metrics.resolver.js';
import { MetricsService } from './metrics/metrics.service.js';
import { PseudoLabelsRepository } from './pseudo-labels/pseudo-labels.repository.js';
import { PseudoLabelsResolver } from './pseudo-labels/pseudo-labels.resolver.js';
import { PseudoLabelsService } from './pseudo-labels/pseudo-labels.service.js';
import { RunnerLifecycleResolver } from './runner-lifecycle/lifecycle.resolver.js';
import { RunnerLifecycleService } from './runner-lifecycle/lifecycle.service.js';
import { RunnersRepository } from './runners/runners.repository.js';
import { RunnersResolver } from './runners/runners.resolver.js';
import { RunnersService } from './runners/runners.service.js';
import { RunsRepository } from './runs/runs.repository.js';
import { RunsResolver } from './runs/runs.resolver.js';
import { RunsService } from './runs/runs.service.js';
import { SamplesRepository } from './samples/samples.repository.js';
import { SamplesResolver } from './samples/samples.resolver.js';
import { SamplesService } from './samples/samples.service.js';
import { ServerResolver } from './server-info/server.resolver.js';
import { StudiesRepository } from './studies/studies.repository.js';
import { RunStudyResolver, StudiesResolver } from './studies/studies.resolver.js';
import { StudiesService } from './studies/studies.service.js';

export interface Services {
  auth: AuthService;
  blobs: BlobsService;
  runs: RunsService;
  sweeper: Sweeper;
  blobCollector: BlobCollector;
  /** Every resolver, for type-graphql. */
  container: Container;
}

/** Everything that is constructed once, in the order of who needs whom. */
export function createServices(
  dataSource: DataSource,
  events: Events,
  env: Env,
  logger: Logger,
  version: string,
): Services {
  const datasets = new DatasetsService(new DatasetsRepository(dataSource));
  const blobs = new BlobsService(dataSource, new BlobsRepository(dataSource));
  const metrics = new MetricsService(new MetricsRepository(dataSource), events);
  const evaluations = new EvaluationsService(new EvaluationsRepository(dataSource), datasets);
  const comparisons = new ComparisonsService(new ComparisonsRepository(dataSource), evaluations, datasets);
  const pseudoLabels = new PseudoLabelsService(new PseudoLabelsRepository(dataSource), datasets);
  const alarms = new AlarmsService(new AlarmsRepository(dataSource), datasets, events);
  const samples = new SamplesService(new SamplesRepository(dataSource), blobs);
  const logs = new LogsService(new LogsRepository(dataSource));
  const checkpoints = new CheckpointsService(new CheckpointsRepository(), blobs);

  const runnersRepository = new RunnersRepository(dataSource);
  const runners = new RunnersService(dataSource, events, runnersRepository, env.leaseSeconds);
  const auth = new AuthService(new TokensRepository(dataSource), runners, env.authRequired);
  const runsRepository = new RunsRepository(dataSource);
  const runs = new RunsService(dataSource, events, runsRepository, datasets, blobs);
  const studies = new StudiesService(dataSource, new StudiesRepository(dataSource), runs, datasets);

  const attemptsRepository = new AttemptsRepository(dataSource);
  const queue = new RunQueueRepository();
  const attempts = new AttemptsService(
    dataSource,
    attemptsRepository,
    queue,
    runsRepository,
    runs,
    runners,
    checkpoints,
    alarms,
    env,
  );
  const results = { metrics, evaluations, pseudoLabels, alarms, samples, logs, checkpoints };
  const reports = new ReportsService(
    dataSource,
    attemptsRepository,
    runsRepository,
    attempts,
    runs,
    runners,
    results,
    env.leaseSeconds,
  );
  const pace = {
    heartbeatSeconds: env.heartbeatSeconds,
    leaseSeconds: env.leaseSeconds,
    pollSeconds: env.pollSeconds,
  };
  const lifecycle = new RunnerLifecycleService(dataSource, runnersRepository, runners, auth, attempts, datasets, pace);
  const live = new LiveService(events, runs, runners, alarms, logger);

  const container = new Instances([
    live,
    new LiveMetricsService({ events, metrics, runs }),
    new ServerResolver({ version, authRequired: env.authRequired }),
    new AuthResolver(auth),
    new StudiesResolver(studies, runs),
    new RunStudyResolver(studies),
    new RunsResolver(runs, datasets),
    new AttemptsResolver(attempts, reports, runners),
    new RunAttemptsResolver(attempts, runners),
    new RunnerAttemptsResolver(attempts),
    new RunnersResolver(runners),
    new RunnerLifecycleResolver(lifecycle),
    new LiveResolver(),
    new DatasetsResolver(datasets),
    new RunnerDatasetsResolver(datasets),
    new EvaluationsResolver(evaluations, comparisons),
    new RunEvaluationsResolver(evaluations),
    new StudyTableResolver(comparisons),
    new PseudoLabelsResolver(pseudoLabels),
    new RunAlarmsResolver(alarms),
    new AlarmsResolver(runs),
    new MetricsResolver(metrics),
    new SamplesResolver(samples),
    new LogsResolver(logs),
  ]);
  return {
    auth,
    blobs,
    runs,
    sweeper: new Sweeper(attempts, runners, logger, env.sweepSeconds, env.leaseSeconds),
    blobCollector: new BlobCollector(blobs, logger),
    container,
  };
}
