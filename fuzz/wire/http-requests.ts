import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from '../transports/http.js';

/** A request that no client of ours would send. */
export interface NamedRequest extends HttpRequest {
  name: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'];

const PATHS = [
  '/',
  '/graphql',
  '/graphql/',
  '/graphql?query=%7Bserver%7Bversion%7D%7D',
  '/graphql?query={',
  '/graphql?query=%00&variables=%ff',
  '/graphql?query=%7Bserver%7Bversion%7D%7D&variables={&extensions=[',
  '/graphql?query=mutation%7BclaimRun%7Bfence%7D%7D',
  '/graphql?query=subscription%7BrunDeleted%7D',
  `/graphql?query=${'a+'.repeat(3000)}`,
  '/healthz',
  '/livez',
  '/readyz',
  '/livez/x',
  '/metrics',
  '/session',
  '/blobs/session',
  '/uploads',
  '/uploads/x',
  '/uploads/%00',
  '/blobs',
  '/blobs/',
  '/blobs/x',
  `/blobs/${'f'.repeat(64)}`,
  `/blobs/${'F'.repeat(64)}`,
  `/blobs/${'f'.repeat(64)}%0a`,
  '/blobs/%00',
  '/blobs/%',
  '/blobs/..%2f..%2fpackage.json',
  '/blobs/__proto__',
  '/assets/',
  '/assets/nothere.js',
  '/assets/../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/..%5c..%5cpackage.json',
  '/assets/%',
  '/assets/%00',
  '/assets/%ff%fe',
  '/index.html',
  '/index.html/',
  '/.git/config',
  '/.env',
  '/runs/1',
  '/runs/1/metrics.csv',
  '/runs/1/metrics.ndjson?names=%00&fromStep=-1',
  '/runs/1/metrics.ndjson?names=loss&names=lr&fromStep=5&toStep=1e3',
  '/runs/99999999999/metrics.csv?__proto__=1',
  '/runs/x/metrics.__proto__',
  '/runs/%00/metrics.csv',
  '/%',
  '/%00',
  '/%ff',
  '/%e0%80%80',
  '//',
  '//localhost/graphql',
  '/\\..\\package.json',
  '/__proto__',
  '/constructor',
  `/${'x'.repeat(4000)}`,
  `/?${'a=1&'.repeat(1500)}`,
  '/?__proto__[polluted]=true&constructor[prototype][polluted]=true',
];

const JSON_TYPE = { 'content-type': 'application/json' };
const VALID_BODY = '{"query":"{ server { version } }"}';

const CONTENT_TYPES = [
  '',
  'text/plain',
  'text/html',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/graphql-response+json',
  'application/json; charset=utf-16',
  'application/json; charset=nonsense',
  'application/json; charset=',
  'application/json;;;',
  'application/json, text/plain',
  'application/__proto__',
  `application/${'x'.repeat(4000)}`,
];

const BODIES: Record<string, string | Buffer> = {
  'an empty body': '',
  'half an object': '{',
  'a closing brace': '}',
  NaN: 'NaN',
  'NaN in variables': '{"query":"{ server { version } }","variables":{"x":NaN}}',
  null: 'null',
  'a number': '1',
  'a text': '"x"',
  'an empty list': '[]',
  'a batch': `[${VALID_BODY},${VALID_BODY}]`,
  'a large batch': `[${new Array(1000).fill(VALID_BODY).join(',')}]`,
  'an empty object': '{}',
  'a query that is null': '{"query":null}',
  'a query that is a number': '{"query":1}',
  'a query that is a list': '{"query":["{ server { version } }"]}',
  'a query that is an object': '{"query":{"toString":1}}',
  'variables that are a list': '{"query":"{ server { version } }","variables":[1]}',
  'variables that are a text': '{"query":"{ server { version } }","variables":"{"}',
  'variables with __proto__': '{"query":"{ server { version } }","variables":{"__proto__":{"polluted":true}}}',
  'an operation name that is a number': '{"query":"{ server { version } }","operationName":1}',
  'an unknown operation name': '{"query":"{ server { version } }","operationName":"__proto__"}',
  'extensions that are a text': '{"query":"{ server { version } }","extensions":"x"}',
  'a persisted query': `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
  'a persisted query of another version': '{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"x"}}}',
  'a persisted query that does not match': `{"query":"{ server { version } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`,
  'a persisted query without a hash': '{"extensions":{"persistedQuery":{}}}',
  'a byte order mark': `\ufeff${VALID_BODY}`,
  'UTF-16': Buffer.from(VALID_BODY, 'utf16le'),
  'invalid UTF-8': Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('"}')]),
  'zero bytes': Buffer.alloc(1000),
  'a query with NUL': '{"query":"{ server { version } } \\u0000"}',
  'a query with a lone surrogate': '{"query":"{ server { version } } \\ud800"}',
  'repeated keys': '{"query":"{","query":"{ server { version } }","query":1}',
  'a list that is 100,000 deep': '['.repeat(100_000),
  'an object that is 100,000 deep': `{"variables":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`,
  'a megabyte of spaces': `${' '.repeat(1_000_000)}${VALID_BODY}`,
  'ten megabytes': `{"query":"{ server { version } }","variables":{"x":"${'x'.repeat(10_000_000)}"}}`,
};

const ENCODED: Record<string, [encoding: string, body: Buffer]> = {
  'gzip that is not': ['gzip', Buffer.from(VALID_BODY)],
  'a valid gzip': ['gzip', gzipSync(VALID_BODY)],
  'half a gzip': ['gzip', gzipSync(VALID_BODY).subarray(0, 20)],
  'a gzip bomb': ['gzip', gzipSync(Buffer.alloc(50_000_000, ' '))],
  'a brotli bomb': ['br', brotliCompressSync(Buffer.alloc(50_000_000, ' '))],
  'deflate that is not': ['deflate', Buffer.from([1, 2, 3])],
  'an unknown encoding': ['nonsense', Buffer.from(VALID_BODY)],
  'gzip in gzip': ['gzip, gzip', gzipSync(gzipSync(VALID_BODY))],
};

const HEADERS: Record<string, Record<string, string>> = {
  'an empty token': { authorization: 'Bearer ' },
  'no scheme': { authorization: 'token' },
  'basic authentication': { authorization: 'Basic YTpi' },
  'a token of 8 kB': { authorization: `Bearer ${'x'.repeat(8000)}` },
  'a token with a quote': { authorization: `Bearer '"; DROP TABLE tokens; --` },
  'a token with bytes above 127': { authorization: 'Bearer \u00ff\u00fe' },
  'two schemes': { authorization: 'Bearer Bearer x' },
  'a host elsewhere': { host: 'evil.example' },
  'an empty host': { host: '' },
  'a host with a path': { host: 'localhost/../..' },
  'a proxy': { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil.example', forwarded: 'for=1.2.3.4' },
  'a proxy with nonsense': { 'x-forwarded-for': ','.repeat(4000), forwarded: '"' },
  'an upgrade to nothing': { connection: 'upgrade', upgrade: 'nonsense' },
  'an upgrade to h2c': { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' },
  'an upgrade without a key': { connection: 'upgrade', upgrade: 'websocket' },
  'an unknown expectation': { expect: 'nonsense' },
  'a range': { range: 'bytes=0-1,2-3,-1,99999999999-' },
  'an etag': { 'if-none-match': '"*", W/"', 'if-modified-since': 'nonsense' },
  'accept nonsense': { accept: ';;;,*/nonsense;q=NaN', 'accept-encoding': '*;q=NaN', 'accept-language': '\u00ff' },
  'many cookies': { cookie: 'a=b; '.repeat(1500) },
  'a cookie of this port': { cookie: 'crosscheck_token_4000=%; crosscheck_token=%' },
  'a port that is not': { host: 'localhost:99999999' },
  'a cookie with __proto__': { cookie: '__proto__=1; constructor=2; token=%' },
  'an origin elsewhere': { origin: 'https://evil.example', referer: 'https://evil.example/' },
  'a method override': { 'x-http-method-override': 'DELETE' },
};

/** Every odd request, for a caller whose Authorization header is given. */
export function httpRequests(authorization: Record<string, string>): NamedRequest[] {
  const request = (name: string, part: Partial<HttpRequest>): NamedRequest => {
    const { method = 'POST', path = '/graphql', headers = JSON_TYPE, body = VALID_BODY } = part;
    return { name, method, path, headers: { ...authorization, ...headers }, body };
  };
  const blob = `/blobs/${'0'.repeat(64)}`;
  return [
    ...METHODS.flatMap((method) =>
      PATHS.map((path) => request(`${method} ${path.slice(0, 80)}`, { method, path, headers: {}, body: null })),
    ),
    ...CONTENT_TYPES.flatMap((type) => [
      request(`content type "${type.slice(0, 40)}"`, { headers: { 'content-type': type } }),
      request(`upload of type "${type.slice(0, 40)}"`, {
        method: 'PUT',
        path: blob,
        headers: { 'content-type': type },
      }),
    ]),
    ...Object.entries(BODIES).flatMap(([name, body]) => [
      request(name, { body }),
      request(`${name}, uploaded`, { method: 'PUT', path: blob, headers: { 'content-type': 'image/png' }, body }),
    ]),
    ...Object.entries(ENCODED).flatMap(([name, [encoding, body]]) => [
      request(name, { headers: { ...JSON_TYPE, 'content-encoding': encoding }, body }),
      request(`${name}, uploaded`, {
        method: 'PUT',
        path: blob,
        headers: { 'content-type': 'image/png', 'content-encoding': encoding },
        body,
      }),
    ]),
    ...Object.entries(HEADERS).flatMap(([name, headers]) =>
      ['/graphql', '/', blob, '/assets/nothere.js', '/healthz', '/metrics'].map((path) =>
        request(`${name}, ${path.slice(0, 20)}`, {
          path,
          method: path === '/graphql' ? 'POST' : 'GET',
          headers: { ...(path === '/graphql' && JSON_TYPE), ...headers },
          body: path === '/graphql' ? VALID_BODY : null,
        }),
      ),
    ),
  ];
}
