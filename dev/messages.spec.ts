import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { findTexts, type Uses } from './find-texts.js';
import { sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');

/** All messages of a language, besides the server's. */
function messagesOf(language: string): Record<string, string> {
  const folder = join(root, 'web/messages', language);
  const names = readdirSync(folder).filter((name) => !['reasons.json', 'problems.json'].includes(name));
  return Object.assign({}, ...names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

const english = messagesOf('en');
const korean = messagesOf('ko');

/** The parameters and tags of a message. */
function needsOf(message: string): string[] {
  const found = new Set<string>();
  const walk = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type !== TYPE.literal && element.type !== TYPE.pound) found.add(element.value);
      if (element.type === TYPE.tag) walk(element.children);
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        for (const { value } of Object.values(element.options)) walk(value);
      }
    }
  };
  walk(parse(message));
  return [...found].sort();
}

/** The dashboard's own files: neither specs, nor what only tests and stories use. */
const files = sourcesIn(root).filter(
  (file) =>
    /^web\/.*\.tsx?$/.test(file) &&
    !/\.spec\.|\.stories\.|^web\/(build|messages|stories)\/|\/testing\/|vite\.config/.test(file),
);
const uses: (Uses & { file: string })[] = files.map((file) => ({
  file,
  ...findTexts(file, readFileSync(join(root, file), 'utf8')),
}));

describe('the messages', () => {
  it('exist in each language, with the same parameters and tags', () => {
    expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort());
    for (const [id, message] of Object.entries(english)) {
      expect([id, needsOf(korean[id]!)]).toEqual([id, needsOf(message)]);
    }
  });

  it('are translated: a Korean text has Korean letters, unless it is a name, a number or a unit', () => {
    const same = Object.keys(english).filter((id) => !/[가-힣]/.test(korean[id]!));
    const words = same.filter((id) => /[a-z]{3}/i.test(korean[id]!.replace(/\{[^}]*\}|<[^>]*>/g, '')));
    expect(words.map((id) => korean[id]).sort()).toEqual(['API', 'IoU', 'fwIoU', 'mIoU', '{page} · Crosscheck']);
  });

  it('are all used', () => {
    const used = new Set(uses.flatMap(({ literals }) => literals));
    const beginnings = uses.flatMap(({ templates }) => templates);
    const unused = Object.keys(english).filter(
      (id) => !used.has(id) && !beginnings.some((each) => id.startsWith(each)),
    );
    expect(unused).toEqual([]);
  });

  it('get the parameters that they need', () => {
    const wrong = uses.flatMap(({ file, calls }) =>
      calls.flatMap(({ id, parameters, line }) => {
        const message = english[id];
        if (message === undefined || parameters === null) return [];
        const missing = needsOf(message).filter((name) => !parameters.includes(name));
        return missing.length > 0 ? [`${file}:${line}: ${id} needs ${missing.join(', ')}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
    expect(uses.flatMap(({ calls }) => calls).length).toBeGreaterThan(200);
  });
});

describe('the dashboard', () => {
  it('has no text that is not a message', () => {
    expect(uses.flatMap(({ file, texts }) => texts.map(({ line, text }) => `${file}:${line}: ${text}`))).toEqual([]);
  });

  it.each([
    ['text', 'const x = <p>No runs yet</p>;', ['No runs yet']],
    ['an attribute', 'const x = <input placeholder="name" />;', ['name']],
    ['an attribute that is computed', 'const x = <a title={ok ? "Best" : t("common.no")} />;', ['Best']],
    ['a template', 'const x = <p>{`$' + '{count} runs`}</p>;', ['runs']],
    ['a sentence anywhere', 'const words = { one: "Waiting for a runner" };', ['Waiting for a runner']],
    ['a class name, which is not a text', 'const x = <p className="soft small" role="alert">{t("common.no")}</p>;', []],
    ['an error for developers, which is not a text', 'throw new Error("the place is missing");', []],
  ])('is searched for texts: %s', (_name, source, expected) => {
    expect(findTexts('example.tsx', source).texts.map(({ text }) => text)).toEqual(expected);
  });
});
