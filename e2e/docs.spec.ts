import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Every path and link in the docs must exist. */
const root = join(import.meta.dirname, '..');

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
/** Committed, or new and not ignored. */
const files = git('ls-files', '--cached', '--others', '--exclude-standard').filter((file) => file !== '');
const pages = files.filter((file) => file.endsWith('.md') && existsSync(join(root, file)));
const topLevel = new Set(files.map((file) => file.split('/')[0]!));

const read = (page: string) => readFileSync(join(root, page), 'utf8');
const withoutBlocks = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, '');

/** Backticked text that begins with one of our folders, such as `server/app.ts` or `web/charts`. */
function pathsIn(text: string): string[] {
  const quoted = [...withoutBlocks(text).matchAll(/`([^`\s]+)`/g)].map(([, inner]) => inner!);
  return quoted.filter(
    (inner) => inner.includes('/') && topLevel.has(inner.split('/')[0]!) && !/[<>*…{}]|NAME/.test(inner),
  );
}

function linksIn(text: string): string[] {
  const targets = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const letters = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return letters.trim().replaceAll(' ', '-');
}

const anchorsOf = (page: string) =>
  [...withoutBlocks(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

/** Decisions that are not implemented yet. They may name files that do not exist yet. */
const planned = [...read('docs/decisions/README.md').matchAll(/\]\((\S+)\) \| planned \|$/gm)].map(
  ([, page]) => `docs/decisions/${page}`,
);
/** The most steps that each table in docs/architecture.md may list, by the beginning of its heading. Only lower them. */
const MOST_STEPS = { 'A metric point': 17, 'A configuration': 13, 'A lease': 8, 'A sample': 13 };

describe('the docs', () => {
  it.each(pages.filter((page) => !planned.includes(page)))('%s names only paths that exist', (page) => {
    const missing = pathsIn(read(page)).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it.each(pages)('%s has no broken links', (page) => {
    const missing = linksIn(read(page)).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(missing).toEqual([]);
  });

  it('are searched for paths and links', () => {
    expect(pathsIn('`server/nothing.ts`, `npm run x`, `a/b`, `e2e/*.spec.ts`')).toEqual(['server/nothing.ts']);
    expect(linksIn('[a](nothing.md#b), [c](https://example.org)')).toEqual(['nothing.md#b']);
    expect(anchorOf('A metric point, from loss to chart: 55 files')).toBe('a-metric-point-from-loss-to-chart-55-files');
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');

  it.each(
    'study run attempt lease fence runner slot pool dataset split branch evaluation sample series point blob'.split(
      ' ',
    ),
  )('explains the word %s', (word) => {
    expect(text).toMatch(new RegExp(`^\\| \\*\\*${word}\\*\\* \\| .+ \\|$`, 'm'));
  });

  it.each(['server/runs/run.entity.ts', 'server/attempts/attempt.entity.ts', 'server/runners/runner.entity.ts'])(
    'names every state in %s',
    (file) => {
      const states = [...read(file).matchAll(/^ {2}([A-Z]+) = '\1',$/gm)].map(([, state]) => state!);
      expect(states.length).toBeGreaterThan(2);
      expect(states.filter((state) => !new RegExp(`\\b${state}\\b`).test(text))).toEqual([]);
    },
  );

  const lists = [...text.matchAll(/^### (.+): (\d+) files\n([\s\S]*?)(?=^#|$(?![\s\S]))/gm)];

  it('has four lists of files', () => {
    expect(lists).toHaveLength(4);
  });

  it.each(lists.map(([, name, count, list]) => ({ name, count, list })))('counts the files of: $name', (each) => {
    expect(new Set(pathsIn(each.list!)).size).toBe(Number(each.count));
  });

  it.each(Object.entries(MOST_STEPS))('lists few steps: %s', (start, most) => {
    const [, , , list] = lists.find(([, name]) => name!.startsWith(start))!;
    expect(list!.match(/^\| `/gm)!.length).toBeLessThanOrEqual(most);
  });

  const parts = /^## The parts[\s\S]*?(?=^## )/m.exec(text)![0];

  it.each(projects())('lists the part %s', (project) => {
    expect(parts).toMatch(new RegExp(`^\\| .*\\b${project}\\b.* \\|$`, 'm'));
  });
});

/** Folders of TypeScript projects, from the root's references. */
function projects(): string[] {
  const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
  return references.map(({ path }) => path);
}
