import type { RunPhase } from '../../schema/generated/runner/graphql.js';
import type { FromTraining } from '../tracking/messages.js';
import type { RecordSink, Records, TrainingPhase } from '../tracking/tracker.js';

/** An evaluation that takes less time is not reported: it would cost two reports and flicker on every screen. */
const SHORTEST_EVALUATION_MS = 500;

const PHASES: Record<TrainingPhase, RunPhase> = {
  setup: 'PREPARING',
  step: 'TRAINING',
  evaluation: 'EVALUATING',
  samples: 'EVALUATING',
  checkpoint: 'TRAINING',
};

/** Reports what this runner is doing with a run, whenever that changes. */
export class PhaseReports {
  private told: RunPhase | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly sink: RecordSink<Pick<Records, 'phase'>>) {}

  /** Tells it what the training process has said. */
  heard(message: FromTraining): void {
    if (message.kind !== 'progress') return;
    const phase = PHASES[message.phase];
    if (phase !== 'EVALUATING') this.tell(phase);
    else if (this.told !== phase) this.timer ??= setTimeout(() => this.tell(phase), SHORTEST_EVALUATION_MS);
  }

  /** Reports the phase now, unless it was the last one that was reported. */
  tell(phase: RunPhase): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (phase === this.told) return;
    this.told = phase;
    this.sink.report('phase', phase);
  }
}
