import { CONFIG_VERSION } from '../../schema/config-version.js';
import { PROTOCOL_VERSION } from '../../schema/protocol-version.js';

/** What is compared between a runner and its server. */
export interface Versions {
  /** Of Crosscheck, such as "0.3.1". */
  version: string;
  protocolVersion: number;
  configVersion: number;
}

/** What people should know about a runner that is older or newer than this server; null if it is neither. */
export function versionWarning(runner: Versions, serverVersion: string): string | null {
  const server = { version: serverVersion, protocolVersion: PROTOCOL_VERSION, configVersion: CONFIG_VERSION };
  const order =
    Math.sign(runner.protocolVersion - server.protocolVersion) ||
    Math.sign(runner.configVersion - server.configVersion) ||
    compared(runner.version, server.version);
  if (order === 0) return null;
  const [older, newer] = order < 0 ? ['runner', 'server'] : ['server', 'runner'];
  const limits =
    order < 0 && runner.configVersion < server.configVersion ? '. It gets no runs that need newer settings' : '';
  return `the ${older} is older than the ${newer}: the runner is ${described(runner)}, the server ${described(server)}${limits}; upgrade the ${older}`;
}

function described({ version, protocolVersion, configVersion }: Versions): string {
  return `crosscheck ${version} (protocol ${protocolVersion}, configurations ${configVersion})`;
}

/** Compares the numbers of two versions: negative if the first is older, 0 if one is not made of numbers. */
function compared(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (!left || !right) return 0;
  const differing = left.findIndex((number, i) => number !== (right[i] ?? 0));
  return differing < 0 ? 0 : Math.sign(left[differing]! - (right[differing] ?? 0));
}

function numbersOf(version: string): number[] | null {
  return /^\d+(\.\d+)*$/.test(version) ? version.split('.').map(Number) : null;
}
