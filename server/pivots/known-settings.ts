import { flatSettings } from '../../schema/flat-settings.js';
import type { RunConfig } from '../../schema/run-config.js';
import { REPORTING } from '../../schema/run-labels.js';
import { effectiveConfig } from '../../schema/stored-config.js';
import type { Settings } from './compared-run.js';

/** Each takes about 12 KB. */
const MOST_KNOWN = 2000;

/** Settings of `training` that say how much is reported, and for how long it may last. */
const WITHOUT_EFFECT = new Set([...REPORTING, 'maxHours'].map((name) => `training.${name}`));

/** Completes configurations. It keeps the newest ones: checking one takes longer than reading it, and tables are read often. */
export class KnownSettings {
  private readonly byKey = new Map<string, Settings>();

  /** The settings with this key (`Run.settingsKey`); undefined if they are not known. */
  get(key: string): Settings | undefined {
    const known = this.byKey.get(key);
    if (known) this.keep(key, known);
    return known;
  }

  /** Adds a configuration without its seed, and returns its settings. Equal ones are the same object. */
  add(key: string, stored: object): Settings {
    const config = completed(stored);
    // What an earlier version stored may be equal once it is complete.
    const text = JSON.stringify(config);
    const settings = this.get(text) ?? settingsOf(config);
    this.keep(text, settings);
    this.keep(key, settings);
    return settings;
  }

  private keep(key: string, settings: Settings): void {
    // It becomes the newest.
    this.byKey.delete(key);
    this.byKey.set(key, settings);
    if (this.byKey.size > MOST_KNOWN) this.byKey.delete(this.byKey.keys().next().value!);
  }
}

function completed(stored: object): Settings['config'] {
  const { seed: _, ...config } = effectiveConfig({ ...stored, seed: 0 } as RunConfig);
  return config;
}

function settingsOf(config: Settings['config']): Settings {
  const { placement: _, alarms: __, ...rest } = config;
  const paths = Object.entries(flatSettings(rest)).filter(([path]) => !WITHOUT_EFFECT.has(path));
  return { config, flat: new Map(paths.map(([path, value]) => [path, JSON.stringify(value)])) };
}
