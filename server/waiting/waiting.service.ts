import type { Context } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { checkPageSize } from '../graphql/connection.js';
import type { RunnersService } from '../runners/runners.service.js';
import { type Run, RunState } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import type { CreateStudyInput } from '../studies/studies.types.js';
import { type Candidate, exclusionOf, fleetReason, LATE_CHECKPOINT, type Needs, slotsOf } from './reasons.js';
import type { Throughput, WaitingRepository } from './waiting.repository.js';
import {
  type RunnerChance,
  type StartEstimate,
  type StudyPlan,
  WaitingCode,
  type WaitingReason,
} from './waiting.types.js';

const BY_CODE = Object.values(WaitingCode);

/** Says why queued runs wait. Everything that it reads is read once in a request, however many runs are asked about. */
export class WaitingService {
  constructor(
    private readonly deps: {
      repository: WaitingRepository;
      runs: RunsService;
      runners: RunnersService;
      datasets: DatasetsService;
      studies: StudiesService;
    },
  ) {}

  /** Why no runner claims the run; null if it is not QUEUED, or only waits for its turn. */
  async reason(context: Context, run: Run): Promise<WaitingReason | null> {
    if (run.state !== RunState.QUEUED) return null;
    if (await this.deps.runs.checkpointIsLate(context, run)) return LATE_CHECKPOINT;
    return fleetReason(await this.needs(context, run), await this.candidates(context, run.datasetId));
  }

  /** What each runner says about the run, those closest to claiming it first. @throws BAD_USER_INPUT */
  async chances(context: Context, run: Run, first: number): Promise<RunnerChance[]> {
    checkPageSize(first);
    const needs = await this.needs(context, run);
    const candidates = await this.candidates(context, run.datasetId);
    const chances = candidates.map((candidate) => ({
      runner: candidate.runner,
      reason: exclusionOf(needs, candidate),
    }));
    const rank = ({ reason }: RunnerChance) => (reason === null ? BY_CODE.length : BY_CODE.indexOf(reason.code));
    return chances.sort((a, b) => rank(b) - rank(a)).slice(0, first);
  }

  /** How many queued runs come before it. Batched. */
  async ahead(context: Context, run: Run): Promise<number> {
    const loader = context.loaders.of<number>('waiting.ahead', async (ids) => {
      const ahead = await this.deps.repository.ahead(ids);
      return ids.map((id) => ahead.get(id) ?? 0);
    });
    return (await loader.load(run.id)) ?? 0;
  }

  /** When the run may start; null if no runner claims such runs, or none of those that do has completed one. */
  async estimate(context: Context, run: Run): Promise<StartEstimate | null> {
    if ((await this.reason(context, run)) !== null) return null;
    const needs = await this.needs(context, run);
    const claiming = (await this.candidates(context, run.datasetId)).filter((candidate) => {
      const excluded = exclusionOf(needs, candidate);
      return excluded === null || excluded.code === WaitingCode.SLOTS;
    });
    const throughput = await this.once(context, 'throughput', () => this.deps.repository.throughput());
    return estimateOf(claiming, throughput, await this.ahead(context, run));
  }

  /** What a study would queue, and which of its runs no runner could claim now. @throws BAD_USER_INPUT as `createStudy` */
  async plan(context: Context, input: CreateStudyInput): Promise<StudyPlan> {
    const { runs, names } = await this.deps.studies.plan(input);
    const waits = new Map<string, { runs: number; reason: WaitingReason }>();
    for (const { config, dataset, neededConfigVersion } of runs) {
      const needs = { ...config.placement, dataset: dataset.name, neededConfigVersion, config };
      const reason = fleetReason(needs, await this.candidates(context, dataset.id));
      if (!reason) continue;
      const known = waits.get(reason.message);
      waits.set(reason.message, { reason, runs: (known?.runs ?? 0) + 1 });
    }
    return { runs: runs.length, names, waiting: [...waits.values()] };
  }

  private async needs(context: Context, run: Run): Promise<Needs> {
    const { name } = await this.deps.datasets.load(context, run.datasetId);
    const { pool, engine, neededConfigVersion, config } = run;
    return { pool, engine, neededConfigVersion, config, dataset: name };
  }

  private async candidates(context: Context, datasetId: string): Promise<Candidate[]> {
    const { runners, datasets, repository } = this.deps;
    const [all, holders, active] = await Promise.all([
      runners.loadAll(context),
      datasets.holders(context, datasetId),
      this.once(context, 'active', () => repository.activeCounts()),
    ]);
    const holding = new Set(holders.map(({ id }) => id));
    return all.map((runner) => ({
      runner,
      state: runners.stateOf(runner),
      holds: holding.has(runner.id),
      active: active.get(runner.id) ?? 0,
    }));
  }

  /** Reads something once in a request. */
  private async once<T>(context: Context, what: string, read: () => Promise<T>): Promise<T> {
    const loader = context.loaders.of<T>(`waiting.${what}`, async (keys) => {
      const found = await read();
      return keys.map(() => found);
    });
    return (await loader.load('all'))!;
  }
}

function estimateOf(
  candidates: readonly Candidate[],
  throughput: ReadonlyMap<string, Throughput>,
  ahead: number,
): StartEstimate | null {
  const known = candidates.flatMap(({ runner }) => throughput.get(runner.id) ?? []);
  const attempts = sum(known.map((each) => each.attempts));
  const slots = sum(candidates.map(({ runner }) => slotsOf(runner)));
  if (attempts === 0 || slots === 0) return null;
  const meanSeconds = sum(known.map(({ seconds }) => seconds)) / attempts;
  const freeSlots = sum(candidates.map(({ runner, active }) => Math.max(0, slotsOf(runner) - active)));
  const turns = Math.max(0, ahead - freeSlots + 1);
  const startsAt = new Date(Date.now() + (turns * meanSeconds * 1000) / slots);
  return { startsAt, slots, freeSlots, meanSeconds: Math.round(meanSeconds), attempts };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
