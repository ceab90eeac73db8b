import { forVersion, keysNewerThan, neededVersion, withAbsentValues } from './config-version.js';
import { isObject } from './is-object.js';
import { type ConfigResult, parseAcceptedConfig, type RunConfig, runConfigJsonSchema } from './run-config.js';

const schema = runConfigJsonSchema();

/** The CONFIG_VERSION that a runner must have to train this configuration. */
export function neededConfigVersion(config: RunConfig): number {
  return neededVersion(config, schema);
}

/** The paths of the settings that a runner of this CONFIG_VERSION does not know. */
export function settingsNewerThan(config: RunConfig, version: number): string[] {
  return keysNewerThan(config, version, schema);
}

/** What a runner of this CONFIG_VERSION understands of a configuration that needs no newer one. */
export function configForVersion(config: RunConfig, version: number): RunConfig {
  return forVersion(config, version, schema);
}

/** Adds what was not known yet when a configuration was stored. It means the same as before. */
export function completedConfig(stored: unknown): unknown {
  return isObject(stored) ? withAbsentValues(stored, schema) : stored;
}

/**
 * A stored configuration with the settings that are newer than it, at the values that mean the same as before they existed: for
 * comparing it with others. One that is no longer valid is only completed.
 */
export function effectiveConfig(stored: RunConfig): RunConfig {
  const result = parseStoredConfig(stored);
  return result.ok ? result.config : (completedConfig(stored) as RunConfig);
}

/** Checks a configuration that was complete once, perhaps in an older version. For what a user writes: parseRunConfig. */
export function parseStoredConfig(stored: unknown): ConfigResult {
  return parseAcceptedConfig(completedConfig(stored));
}
