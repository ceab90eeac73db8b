import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../server/package-root.js';
import { settingsPage } from './page.js';
import { settingsSections } from './sections.js';

/** Variables of the system, not of Crosscheck. */
const SYSTEM = ['HOME', 'PATH', 'TMPDIR', 'LD_LIBRARY_PATH', 'NODE_ENV', 'VK_ICD_FILENAMES', 'VK_DRIVER_FILES'];
/** What harnesses and benches tell the processes that they start. */
const INTERNAL = ['CHAOS_CLOCK_MS', 'CHAOS_SCRIPT', 'CHECKPOINT_BYTES', 'CROSSCHECK_NEW_DATABASE'];

const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8');

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: packageRoot,
  encoding: 'utf8',
}).split('\n');
const sources = tracked.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.startsWith('schema/generated/'));
const scripts = tracked.filter((file) => file.endsWith('.sh') || file.startsWith('.ci/'));

/**
 * The variables that JavaScript reads: `process.env.X`, `process.env[X]` with a constant, `{ X } = process.env`, and an option's
 * `.env('X')`.
 */
function readBySource(code: string): string[] {
  const direct = [...code.matchAll(/process\.env\.(\w+)(?!\w|\s*=[^=])/g)].map(([, name]) => name!);
  const computed = [...code.matchAll(/process\.env\[(\w+)\]/g)].map(([, constant]) => {
    const value = new RegExp(`const ${constant} = '(\\w+)'`).exec(code);
    if (!value) throw new Error(`process.env[${constant}]: no constant "${constant}" names the variable`);
    return value[1]!;
  });
  const taken = [...code.matchAll(/\{([\w\s,]+)\} = process\.env\b/g)].flatMap(([, names]) => names!.split(/[\s,]+/));
  const ofOptions = [...code.matchAll(/\.env\('(\w+)'\)/g)].map(([, name]) => name!);
  return [...direct, ...computed, ...taken, ...ofOptions].filter(Boolean);
}

/** The variables that a shell script expands and does not set itself. docker-compose.yml has the same syntax. */
function readByScript(code: string): string[] {
  const lines = code.split('\n').filter((line) => !/^\s*#/.test(line));
  const text = lines.join('\n');
  const expanded = [...text.matchAll(/\$\{?([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name!);
  return expanded.filter((name) => !new RegExp(`(^|\\s)${name}=`, 'm').test(text));
}

describe('the settings page', () => {
  const listed = new Set(settingsSections().flatMap(({ settings }) => settings.map(({ name }) => name)));
  const readThere = [
    ...sources.filter((file) => !file.startsWith('cli/settings/')).map((file) => [file, readBySource(read(file))]),
    ...scripts.map((file) => [file, readByScript(read(file))]),
    ['docker-compose.yml', readByScript(read('docker-compose.yml'))],
  ] as [string, string[]][];

  it('is current ("npm run settings" writes it)', () => {
    expect(read('docs/settings.md')).toBe(settingsPage());
  });

  it('lists every variable that a source file reads', () => {
    const unlisted = readThere.flatMap(([file, names]) =>
      names
        .filter((name) => !listed.has(name) && ![...SYSTEM, ...INTERNAL].includes(name))
        .map((name) => `${file} reads ${name}`),
    );
    expect(unlisted, 'add them to cli/settings/sections.ts').toEqual([]);
  });

  it('lists no variable that nothing reads', () => {
    const all = new Set(readThere.flatMap(([, names]) => names));
    // The server reads its variables through its schema.
    const ofServer = new Set(settingsSections()[0]!.settings.map(({ name }) => name));
    expect([...listed].filter((name) => !all.has(name) && !ofServer.has(name))).toEqual([]);
  });

  it('and .env.example have what docker-compose.yml needs', () => {
    const compose = settingsSections().find(({ title }) => title === 'Docker Compose')!;
    const names = compose.settings.map(({ name }) => name).sort();
    expect([...new Set(readByScript(read('docker-compose.yml')))].sort()).toEqual(names);
    expect([...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name!).sort()).toEqual(names);
  });
});

describe('the search for variables', () => {
  it('finds every way of reading one, and ignores those that are only set', () => {
    const code = `
      const NAME = 'FROM_CONSTANT';
      const { TAKEN, ALSO } = process.env;
      process.env.ONLY_SET = '1';
      new Option('--x').env('OF_OPTION');
      if (process.env.COMPARED === 'x') use(process.env.READ, process.env[NAME]);`;
    expect(readBySource(code).sort()).toEqual(['ALSO', 'COMPARED', 'FROM_CONSTANT', 'OF_OPTION', 'READ', 'TAKEN']);
    expect(() => readBySource('process.env[anything]')).toThrow(/anything/);
    const script = ['# $COMMENT', 'export OWN=1', `echo $OWN "$PLAIN" \${BRACES:+x} \${lower}`].join('\n');
    expect(readByScript(script)).toEqual(['PLAIN', 'BRACES']);
  });
});
