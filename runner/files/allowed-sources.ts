import { dirname, isAbsolute } from 'node:path';
import { isInside } from './allowed-file.js';
import { type AllowedHost, allowedHostOf } from './allowed-hosts.js';

/** Where the owner of a machine lets runs read pretrained weights. */
export interface AllowedSources {
  folders: readonly string[];
  hosts: readonly AllowedHost[];
}

export const NOTHING_ALLOWED: AllowedSources = { folders: [], hosts: [] };

/** The URL of a source that is one; null for a file. */
export function urlOf(source: string): URL | null {
  return /^https?:/i.test(source) && URL.canParse(source) ? new URL(source) : null;
}

/** The option that allows a source; null if its host or folder is allowed already, or if it is only a name. */
export function optionFor(source: string, { folders, hosts }: AllowedSources): string | null {
  const url = urlOf(source);
  if (url) return allowedHostOf(url, hosts) ? null : `--allow-host ${url.host}`;
  if (!isAbsolute(source) || folders.some((folder) => isInside(folder, source))) return null;
  return `--weights ${dirname(source)}`;
}
