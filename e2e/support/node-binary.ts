import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface NodeBinary {
  /** Such as "24.22.3". */
  version: string;
  path: string;
}

/** Where downloaded versions of Node are kept, each in its own folder. */
const nodeCache = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crosscheck', 'node');

/** The npm package with Node's binary for a platform. The package `node` itself only installs one of these. */
export function nodePackage(platform: string = process.platform, arch: string = process.arch): string {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/**
 * Another version of Node, from the npm registry or from the cache.
 * @param wanted an exact version, or the beginning of one: "24", "20.19"
 * @throws Error of one line if the registry has no such version or cannot be reached
 */
export function nodeBinary(wanted: string, cache = nodeCache()): NodeBinary {
  if (!/^\d+(\.\d+){0,2}$/.test(wanted)) throw new Error(`"${wanted}" is not a Node version, such as 24 or 20.19.0`);
  const version = resolveVersion(wanted, cache);
  const [folder, inside] = [join(cache, version), join('node_modules', nodePackage(), 'bin')];
  const path = join(folder, inside, process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(path)) download(version, cache);
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (stdout?.trim() === `v${version}`) return { version, path };
  throw new Error(
    `${path} is not Node ${version} (${error?.message ?? `it says "${stdout.trim()}"`}): delete ${folder}`,
  );
}

/** The newest version that begins with `wanted`. If the registry does not answer, the newest one in the cache. */
function resolveVersion(wanted: string, cache: string): string {
  if (wanted.split('.').length === 3) return wanted;
  try {
    const found = npm(wanted, ['view', `${nodePackage()}@${wanted}`, 'version', '--json']);
    // Older versions of npm print nothing and succeed if no version matches.
    if (found.trim() === '') throw unavailable(wanted, 'no such version');
    return newest([JSON.parse(found) as string | string[]].flat());
  } catch (error) {
    const cached = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith(`${wanted}.`)) : [];
    if (cached.length === 0) throw error;
    console.warn(`${(error as Error).message}; using Node ${newest(cached)}, which was downloaded before`);
    return newest(cached);
  }
}

const newest = (versions: string[]) => versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)!;

/** Downloads to another folder first, so that an interrupted download does not look complete. */
function download(version: string, cache: string): void {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
    npm(version, ['install', '--prefix', unfinished, ...quiet, `${nodePackage()}@${version}`]);
    rmSync(join(cache, version), { recursive: true, force: true });
    renameSync(unfinished, join(cache, version));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Runs npm and returns its output. @throws Error of one line that says which version could not be fetched, and why */
function npm(version: string, args: string[]): string {
  // Under `npm run --silent`, npm would inherit that log level and not print errors.
  const { status, stdout, stderr, error } = spawnSync('npm', [...args, '--loglevel=error'], { encoding: 'utf8' });
  if (status === 0) return stdout;
  // npm prints "npm error code E404", some details, then the reason.
  const lines = (stderr ?? '').split('\n').flatMap((line) => /^npm error (.+)/.exec(line)?.[1] ?? []);
  const reason = lines.find((line) => !/^(code|errno|syscall) /.test(line));
  throw unavailable(version, error?.message ?? reason ?? `npm ended with status ${status}`);
}

function unavailable(version: string, why: string): Error {
  return new Error(`cannot get Node ${version} from the npm registry (package ${nodePackage()}): ${why}`);
}
