import { z } from 'zod';
import type { AlarmKind } from '../../schema/alarms-config.js';
import type { RunConfig } from '../../schema/run-config.js';
import type { StepBatches } from '../data/dataset.js';
import { type AlarmEndRecord, type AlarmRecord, logTo, type Network, type Tracker } from '../tracking/tracker.js';
import { AlarmDetector, alarmState, endInWords } from './alarms.js';
import type { StepResult } from './branches/branches.js';
import type { Confusion } from './confusion.js';
import { CropCounter, type CropCounts } from './crop-counts.js';
import type { LabelCounts } from './data-warnings.js';
import { PseudoLabelMeter, pseudoLabelState } from './pseudo-label-meter.js';
import type { Rates } from './schedule.js';

export const watchState = z.strictObject({ alarms: alarmState, pseudoLabels: pseudoLabelState });

/** What a checkpoint keeps. Checkpoints of earlier versions lack some of it. */
export interface WatchSaved {
  watch?: z.output<typeof watchState> | undefined;
  crops?: CropCounts | undefined;
}

/** Watches for what the losses do not show: the quality of the pseudo-labels, and signs of trouble (alarms). */
export class Watch {
  private readonly alarms: AlarmDetector;
  private readonly pseudoLabels: PseudoLabelMeter;
  private readonly crops: CropCounter;

  constructor(
    private readonly config: RunConfig,
    /** The names of the dataset's classes, and what the split's labelled images hold. */
    private readonly classes: { names: readonly string[]; labels: LabelCounts },
    private readonly tracker: Tracker,
    { watch, crops }: WatchSaved = {},
  ) {
    const { names } = classes;
    this.alarms = new AlarmDetector(config.alarms, names, watch?.alarms);
    this.pseudoLabels = new PseudoLabelMeter(
      names.length,
      watch?.pseudoLabels,
      config.balance?.sampling ? classes.labels.pixels : undefined,
    );
    this.crops = new CropCounter(names.length, crops);
  }

  /**
   * Whether to count the pseudo-labels of the step that follows `step` iterations. Reading and counting them takes time, so
   * only every `logEvery`-th step is counted, and the last step before each evaluation, so that every evaluation has some.
   */
  looksAt(step: number): boolean {
    const { logEvery, evaluateEvery, iterations } = this.config.training;
    const done = step + 1;
    return done % logEvery === 0 || done % evaluateEvery === 0 || done === iterations;
  }

  /** Records the step that followed `step` iterations. It was taken with these rates. */
  stepped(step: number, batches: StepBatches, { restarts }: Rates, result: StepResult): void {
    if (restarts) this.reportOver(this.alarms.startAgain(step));
    this.pseudoLabels.add(batches, result);
    this.crops.add(batches.labelled);
    const { agreement } = result[0]!.shares;
    if (agreement !== undefined) this.alarms.agreed(agreement);
  }

  /**
   * Reports the labelled crops and the pseudo-labels since the last evaluation, the alarms, and which alarms are over. Returns the first alarm that
   * must stop the run, if any.
   * @param comparable whether this evaluation used the same images as those before; otherwise alarms are not checked
   */
  evaluated(step: number, confusions: ReadonlyMap<Network, Confusion>, comparable: boolean): AlarmRecord | null {
    const crops = this.crops.drain();
    const { pixels: labelledPixels, images: labelledImages } = this.classes.labels;
    if (crops) this.tracker.report('classCounts', { step, labelledPixels, labelledImages, ...crops });
    const pseudoLabels = this.pseudoLabels.drain(step);
    for (const record of pseudoLabels) this.tracker.report('pseudoLabels', record);
    if (!comparable) return null;
    const { raised, over } = this.alarms.judge({ step, confusions, pseudoLabels });
    this.reportOver(over);
    for (const alarm of raised) {
      this.tracker.report('alarm', alarm);
      logTo(this.tracker, 'WARN', alarm.message);
    }
    const stopOn: readonly AlarmKind[] = this.config.alarms.stopOn;
    return raised.find(({ kind }) => stopOn.includes(kind)) ?? null;
  }

  private reportOver(ends: readonly AlarmEndRecord[]): void {
    for (const end of ends) {
      this.tracker.report('alarmEnd', end);
      logTo(this.tracker, 'INFO', endInWords(end, this.classes.names));
    }
  }

  save(): Required<WatchSaved> {
    return {
      watch: { alarms: this.alarms.save(), pseudoLabels: this.pseudoLabels.save() },
      crops: this.crops.save(),
    };
  }
}
