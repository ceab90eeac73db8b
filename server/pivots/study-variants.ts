import type { RunConfig } from '../../schema/run-config.js';
import { type PlannedRun, settingsKey } from '../../schema/study-extension.js';
import { variantName } from '../../schema/study-variants.js';
import type { Study } from '../studies/study.entity.js';
import type { ComparedRun, Settings } from './compared-run.js';

/** Names the variants of a study's runs, which do not store them: a run is of the variant whose settings it has. */
export class StudyVariants {
  /** The names, in the order of the matrix. */
  readonly names: readonly string[];
  /** The groups of settings that variants change. */
  readonly groups: readonly string[];
  private readonly byKey = new Map<string, string>();
  private readonly found = new Map<Settings, string | null>();
  private readonly base: RunConfig | undefined;

  /** @param planned the runs of the matrix; not asked for if it has no variants */
  constructor({ matrix }: Pick<Study, 'matrix'>, planned: () => readonly PlannedRun[]) {
    const variants = matrix?.variants ?? [];
    this.names = variants.map(variantName);
    this.groups = [...new Set(variants.flatMap((variant) => ('of' in variant ? [] : Object.keys(variant.config))))];
    if (variants.length === 0) return;
    const runs = planned();
    this.base = runs.find(({ variant }) => variant === null)?.config;
    for (const { config, variant } of runs) {
      const { seed: _, ...settings } = config;
      if (variant !== null) this.byKey.set(settingsKey(settings), variant);
    }
  }

  /** The name of a run's variant; null for the base, and for settings that no variant has. */
  of({ settings }: Pick<ComparedRun, 'settings'>): string | null {
    if (this.names.length === 0) return null;
    const known = this.found.get(settings);
    if (known !== undefined) return known;
    const name = this.byKey.get(settingsKey(settings.config)) ?? null;
    this.found.set(settings, name);
    return name;
  }

  /** A configuration without what its variant changed, for a comparison of what else differs. */
  withoutChanges({ settings }: Pick<ComparedRun, 'settings'>): Settings['config'] {
    const { config } = settings;
    if (!this.base || this.of({ settings }) === null) return config;
    const changed = Object.entries(this.base).filter(([group]) => this.groups.includes(group));
    return { ...config, ...Object.fromEntries(changed) };
  }
}

/** Of a study without variants. */
export const NO_VARIANTS = new StudyVariants({ matrix: null }, () => []);
