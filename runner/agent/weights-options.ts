import { join, resolve } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';
import { parseAllowedHost } from '../files/allowed-hosts.js';
import type { AllowedSources } from '../files/allowed-sources.js';

/** What the owner of a runner lets runs read as pretrained weights, as on the command line. */
export interface WeightsOptions {
  /** `--weights DIR`: folders, in addition to `<home>/weights`. */
  weights: readonly string[];
  /** `--allow-host HOST`. */
  allowHost: readonly string[];
}

/** The folder in a runner's home from which runs may always read weights. It does not have to exist. */
export function weightsFolderOf(home: string): string {
  return join(home, 'weights');
}

/** Throws a UserError that lists every host that cannot be read. */
export function allowedSources(home: string, { weights, allowHost }: WeightsOptions): AllowedSources {
  const problems: string[] = [];
  const hosts = allowHost.flatMap((text) => {
    try {
      return [parseAllowedHost(text)];
    } catch (error) {
      problems.push(`--allow-host ${text}: ${(error as Error).message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return { folders: [weightsFolderOf(home), ...weights.map((folder) => resolve(folder))], hosts };
}
