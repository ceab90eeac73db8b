import type { AttemptReportInput } from '../../schema/generated/runner/graphql.js';

/** What a report says, without the attempt and the number that it is sent under. */
export type ReportContent = Omit<AttemptReportInput, 'attemptId' | 'fence' | 'sequence'>;
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

type Evaluation = NonNullable<ReportContent['evaluations']>[number];
type PseudoLabels = NonNullable<ReportContent['pseudoLabels']>[number];
type Alarm = NonNullable<ReportContent['alarms']>[number];
type Sample = NonNullable<ReportContent['samples']>[number];
type LogLine = NonNullable<ReportContent['log']>[number];
type Setup = NonNullable<ReportContent['setup']>;
type Checkpoint = NonNullable<ReportContent['checkpoint']>;

/** JSON has no NaN and no infinities: they travel as strings. */
export function metricValue(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** The report that is being collected: points become columns, one a series. */
export class ReportDraft {
  private content: ReportContent = {};
  private readonly columns = new Map<string, { steps: number[]; values: MetricValue[] }>();
  /** About the number of bytes that the report will have. */
  size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  points(step: number, values: Record<string, number>): void {
    this.content.step = step;
    for (const [series, value] of Object.entries(values)) {
      let column = this.columns.get(series);
      if (!column) {
        column = { steps: [], values: [] };
        this.columns.set(series, column);
        this.size += series.length;
      }
      column.steps.push(step);
      column.values.push(metricValue(value));
      this.size += 24;
    }
    this.size += 8;
  }

  setup(setup: Setup): void {
    this.content.setup = setup;
    this.size += 256;
  }

  evaluation(evaluation: Evaluation): void {
    this.content.evaluations = [...(this.content.evaluations ?? []), evaluation];
    this.size += 64 + 8 * (evaluation.confusion as readonly number[]).length;
  }

  pseudoLabels(labels: PseudoLabels): void {
    this.content.pseudoLabels = [...(this.content.pseudoLabels ?? []), labels];
    const { confusion, pseudoPixels } = labels as {
      confusion: readonly number[] | null;
      pseudoPixels: readonly number[];
    };
    this.size += 96 + 8 * (2 * pseudoPixels.length + (confusion?.length ?? 0));
  }

  alarm(alarm: Alarm): void {
    this.content.alarms = [...(this.content.alarms ?? []), alarm];
    this.size += 96 + alarm.message.length;
  }

  sample(sample: Sample): void {
    this.content.samples = [...(this.content.samples ?? []), sample];
    this.size += 200;
  }

  log(line: LogLine): void {
    this.content.log = [...(this.content.log ?? []), line];
    this.size += 64 + line.message.length;
  }

  /** Returns the checkpoint that this newer one replaces. */
  checkpoint(checkpoint: Checkpoint): Checkpoint | null {
    const older = this.content.checkpoint ?? null;
    this.content.checkpoint = checkpoint;
    this.size += 128;
    return older;
  }

  /** The report; the draft is empty afterwards. */
  take(): ReportContent {
    const points = [...this.columns].map(([series, column]) => ({ series, ...column }));
    const content = points.length > 0 ? { ...this.content, points } : this.content;
    this.content = {};
    this.columns.clear();
    this.size = 0;
    return content;
  }
}
