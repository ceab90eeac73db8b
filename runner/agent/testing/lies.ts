import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a false server says instead of the truth. */
export interface Lie {
  /** For messages. */
  about: string;
  tell(response: ServerResponse, honest: Record<string, unknown>): void;
}

/** An address and a path that no answer may lead to. */
export interface Bait {
  url: string;
  path: string;
}

const LONG = 'x'.repeat(200_000);
const ESCAPE = '\u001b[2J\u001b[1;31mroot#\u001b[0m\r\n';
/** Takes the place of a value that JSON cannot write; the text replaces it, quotes included. */
const RAW = { '"@infinity"': '1e400', '"@nan"': 'NaN', '"@deep"': `${'['.repeat(100_000)}${']'.repeat(100_000)}` };

/** Values that are wrong in most places. */
export function badValues({ url, path }: Bait): unknown[] {
  const numbers = [0, -1, -0.5, 1.5, 1e-12, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300, '@infinity', '@nan'];
  const paths = [
    '../../victim',
    '../../created',
    '/../../../../victim',
    '/../../../../created',
    path,
    `${path}/file`,
    '..\\..\\victim',
    'C:\\victim',
    '.',
    '..',
    '',
  ];
  const texts = ['a\u0000b', '\ud800', '__proto__', 'constructor', LONG, ESCAPE, url, `${'0'.repeat(64)}/../../victim`];
  const prototypes = [
    JSON.parse('{"__proto__":{"polluted":true}}'),
    { constructor: { prototype: { polluted: true } } },
  ];
  return [null, undefined, true, false, ...numbers, ...paths, ...texts, [], [[]], {}, ...prototypes, '@deep'];
}

/** Every path to a value in an honest answer, with the answer itself (the empty path). */
export function pathsOf(value: unknown, above: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || above.at(-1) === 'config') return [above];
  return [above, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...above, key]))];
}

/** The honest answer with another value at a path; the value `undefined` removes it. */
export function withValue(honest: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(honest) ? [...honest] : { ...(honest as object) }) as Record<string, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

/** A JSON text, in which some values are what JSON.stringify cannot write. */
export function rawJson(value: unknown): string {
  let text = JSON.stringify(value);
  for (const [mark, raw] of Object.entries(RAW)) text = text.replaceAll(mark, raw);
  return text;
}

/** One lie for each path of an honest answer and each bad value. */
export function fieldLies(example: unknown, bait: Bait): Lie[] {
  return pathsOf(example).flatMap((path) =>
    badValues(bait).map((value) => ({
      about: `${path.join('.') || 'data'} = ${JSON.stringify(value)?.slice(0, 60)}`,
      tell: (response, honest) => response.end(rawJson({ data: withValue(honest, path, value) })),
    })),
  );
}

/** Answers that are wrong as a whole. */
export function wholeLies({ url }: Bait): Lie[] {
  const bodies = [
    '',
    'null',
    '5',
    '"text"',
    '[]',
    '{',
    '{}',
    '<html>moved</html>',
    '\u0000',
    RAW['"@deep"'],
    `{"data":${RAW['"@deep"']}}`,
  ];
  const errors = [
    '{"errors":"x"}',
    '{"errors":{}}',
    '{"errors":[null]}',
    '{"errors":[[]],"data":5}',
    '{"errors":[{}]}',
  ];
  const codes = [5, null, {}, '__proto__', 'constructor', LONG, 'SERVICE_UNAVAILABLE\r\n', 'INTERNAL_SERVER_ERROR'];
  const coded = codes.map((code) => JSON.stringify({ errors: [{ message: ESCAPE + LONG, extensions: { code } }] }));
  const said = [...bodies, ...errors, ...coded].map((body) => ({
    about: `the body ${body.slice(0, 60)}`,
    // A server error: the code in some of these bodies would otherwise be a refusal, which a runner accepts.
    tell: (response: ServerResponse) => void response.writeHead(body.includes('"code"') ? 500 : 200).end(body),
  }));
  const redirects = [301, 302, 303, 307, 308].map((status) => ({
    about: `a redirect (${status})`,
    tell: (response: ServerResponse) => void response.writeHead(status, { location: url }).end(),
  }));
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  return [
    ...said,
    ...redirects,
    { about: 'a redirect to nowhere', tell: (response) => void response.writeHead(302).end() },
    { about: 'status 204', tell: (response) => void response.writeHead(204).end() },
    { about: 'status 500', tell: (response) => void response.writeHead(500).end('<html>') },
    { about: 'too many bytes', tell: (response) => endless(response, 6_000_000) },
    {
      about: 'a compressed body that has 50 MB',
      tell: (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    },
    {
      about: 'a body that ends early',
      tell: (response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('{"data":');
        response.destroy();
      },
    },
    { about: 'no answer', tell: (response) => void response.destroy() },
  ];
}

/** Writes bytes until the client has closed the connection, or until `most` bytes are written. */
export function endless(response: ServerResponse, most = Number.POSITIVE_INFINITY): void {
  const chunk = Buffer.alloc(64 * 1024, '[');
  let written = 0;
  const write = (): void => {
    if (response.destroyed) return;
    if (written >= most) return void response.end();
    written += chunk.length;
    if (response.write(chunk)) setImmediate(write);
    else response.once('drain', write);
  };
  write();
}
