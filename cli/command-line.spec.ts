import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_MEANINGS, type ExitName } from '../schema/exit-codes.js';
import { createProgram, withSubcommands } from './command-line.js';
import { crosscheck } from './testing/crosscheck.js';

const root = join(import.meta.dirname, '..');
const program = createProgram({ print: () => {}, write: async () => {}, warn: () => {}, end: () => {} });

/** Every command that help shows, as the arguments that name it. */
const commands: string[][] = withSubcommands(program)
  .filter((command) => !command.parent || command.parent.createHelp().visibleCommands(command.parent).includes(command))
  .map((command) => {
    const names: string[] = [];
    for (let one = command; one.parent; one = one.parent) names.unshift(one.name());
    return names;
  });

describe('--help', () => {
  it('knows all commands', () => {
    const names = commands.map((one) => one.join(' '));
    const some = [
      'server',
      'runner start',
      'run list',
      'study compare',
      'study table',
      'queue',
      'demo',
      'token',
      'token list',
      'account',
      'dataset',
      'doctor',
    ];
    for (const name of some) {
      expect(names).toContain(name);
    }
    expect(names).toHaveLength(47);
  });

  it.each(commands.map((names) => [names.join(' '), names] as const))(
    'of "%s" has a description, its own examples and exit codes',
    async (name, names) => {
      const { code, out, err } = await crosscheck(...names, '--help');
      expect({ code, err }).toEqual({ code: 0, err: [] });
      const [usage, , description] = out;
      expect(usage).toMatch(new RegExp(`^Usage: crosscheck ?${name}`));
      expect(description).toMatch(/^[A-Z]/);
      const examples = section(out, 'Examples:');
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example).toMatch(new RegExp(`^ {2}.*crosscheck ${name}.* # .`));
      const exitCodes = section(out, 'Exit codes:').map((line) => /^ +(\d+) {2}./.exec(line)?.[1]);
      expect(exitCodes).toEqual(expect.arrayContaining([String(EXIT.done), String(EXIT.refused)]));
      expect(Object.values(EXIT).map(String)).toEqual(expect.arrayContaining(exitCodes));
    },
  );

  it('has examples whose options exist', async () => {
    for (const names of commands) {
      const { out } = await crosscheck(...names, '--help');
      for (const example of section(out, 'Examples:')) {
        const [line] = example.split(' # ');
        for (const [, words] of line!.matchAll(/crosscheck ([^|]*)/g)) await expectKnown(words!.trim().split(/\s+/));
      }
    }
  });
});

/** The lines below a title, up to an empty one. */
function section(lines: readonly string[], title: string): string[] {
  const below = lines.slice(lines.indexOf(title) + 1);
  const end = below.indexOf('');
  return end < 0 ? below : below.slice(0, end);
}

/** Checks that the commands and options of an example exist. */
async function expectKnown(words: string[]): Promise<void> {
  let command = program;
  for (const word of words) {
    const below = command.commands.find((one) => one.name() === word);
    if (below) command = below;
    else if (word.startsWith('--') && word !== '--help') {
      expect(
        command.options.map(({ long }) => long),
        `${words.join(' ')}: ${word}`,
      ).toContain(word);
    }
  }
}

describe('an invalid command line', () => {
  it.each([
    ['an unknown command', ['runs'], /^error: unknown command 'runs' \(Did you mean run\?\)$/],
    ['an unknown subcommand', ['run', 'lst'], /^error: unknown command 'lst' \(Did you mean list\?\)$/],
    [
      'an unknown option',
      ['run', 'list', '--sttate', 'x'],
      /^error: unknown option '--sttate' \(Did you mean --state\?\)$/,
    ],
    ['a missing argument', ['run', 'show'], /^error: missing required argument 'run'$/],
    ['a missing option', ['token', '--kind', 'user'], /^error: required option '--label <label>' not specified$/],
    [
      'an unknown choice',
      ['token', '--kind', 'x', '--label', 'l'],
      /^error: option '--kind <kind>' argument 'x' is inv/,
    ],
    ['an invalid state', ['run', 'list', '--state', 'x'], /^error: .* Allowed choices are QUEUED, RUNNING, CANCELING/],
    ['an invalid number', ['run', 'list', '--limit', '0'], /^error: .* must be a whole number of at least 1\.$/],
    ['an invalid port', ['demo', '--port', '65536'], /^error: .* must be at most 65535\.$/],
    ['a home that is a file', ['demo', '--home', import.meta.filename], /^error: --home .*spec\.ts: is not a folder$/],
    ['a dataset that does not exist', ['demo', '--data', '/none'], /^error: --data \/none: \/none is not a folder$/],
    [
      'a report in a missing folder',
      ['study', '--data', 'x', '--report', '/none/r.md'],
      /^error: --report .* \/none does not/,
    ],
    ['too many lines', ['run', 'logs', '1', '--last', '5001'], /^error: .* must be at most 5000\.$/],
    ['one argument too many', ['doctor', 'x'], /^error: too many arguments for 'doctor'/],
    ['a recipe that does not exist', ['queue', 'none.yaml'], /^error: none\.yaml: cannot be read: ENOENT/],
    [
      'a home without a runner',
      ['runner', 'status', '--home', '/none'],
      /^error: \/none\/runner\.json does not exist; register first: /,
    ],
    ['the old way to create tokens', ['server', 'token', '--kind', 'user'], /: npx crosscheck token --kind user$/],
  ])('with %s is refused in one line', async (_, args, message) => {
    expect(await crosscheck(...args)).toEqual({ code: EXIT.refused, out: [], err: [expect.stringMatching(message)] });
  });

  it('without a command prints the help, and is refused too', async () => {
    for (const names of [[], ['run'], ['runner']]) {
      const { code, out, err } = await crosscheck(...names);
      expect({ code, out }).toEqual({ code: EXIT.refused, out: [] });
      expect(err[0]).toMatch(/^Usage: /);
    }
  });
});

it('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(await crosscheck('--version')).toEqual({ code: 0, out: [version], err: [] });
});

it('docs/command-line.md has the table of exit codes', () => {
  const rows = (Object.keys(EXIT) as ExitName[]).map((name) => `| ${EXIT[name]} | ${EXIT_MEANINGS[name]} |`);
  expect(readFileSync(join(root, 'docs/command-line.md'), 'utf8')).toContain(rows.join('\n'));
});

describe('the code that is loaded', () => {
  it('for any command is commander and a few small files, not the server or a tensor library', () => {
    const { packages, files } = importsOf('cli/main.ts');
    expect(['commander', 'string-width', 'zod']).toEqual(expect.arrayContaining(packages));
    const ofServer = files.filter((file) => file.startsWith('server/'));
    expect(['server/settings-help.ts', 'server/env.ts', 'server/trusted-proxies.ts']).toEqual(
      expect.arrayContaining(ofServer),
    );
    expect(files).toContain('cli/commands/run/list/list.ts');
    expect(files.filter((file) => file.startsWith('runner/'))).toEqual([
      'runner/agent/errors.ts',
      'runner/agent/home.ts',
      'runner/tracking/engine.ts',
    ]);
  });

  it('for a runner contains no tensor library and nothing of the server', () => {
    for (const entry of ['runner/agent/commands.ts', 'runner/machine.ts']) {
      const { packages, files } = importsOf(entry);
      expect(packages.filter((name) => /tensorflow|webgpu|apollo|typeorm|graphql$/.test(name))).toEqual([]);
      expect(
        files.filter((file) => /^(server|runner\/(operations|kernels|engines|training|networks))\//.test(file)),
      ).toEqual([]);
    }
  });
});

/** What a source file imports when it is loaded, directly and indirectly, without types and import(). */
function importsOf(entry: string): { packages: string[]; files: string[] } {
  const [packages, files] = [new Set<string>(), new Set<string>()];
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, names, from] of text.matchAll(
      /^(?:import|export) (?!type )(?:([\w*{][^'"=]*?) from )?'([^']+)';$/gm,
    )) {
      if (/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names ?? '')) continue;
      if (from!.startsWith('node:')) continue;
      if (!from!.startsWith('.')) packages.add(from!);
      else visit(relative(root, fileURLToPath(new URL(from!.replace(/\.js$/, '.ts'), `file://${join(root, file)}`))));
    }
  };
  visit(entry);
  for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  return { packages: [...packages].sort(), files: [...files].sort() };
}
