import { connect } from 'node:net';
import { type Answer, parseGraphql } from '../transports/answer.js';

/** Bytes that Node's client would not send. */
export interface RawRequest {
  name: string;
  bytes: string | Buffer;
}

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const POST = `POST /graphql HTTP/1.1\r\n${HOST}${JSON_TYPE}`;
const UPGRADE =
  `GET /graphql HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

const request = (name: string, bytes: string | Buffer): RawRequest => ({ name, bytes });

/** Requests that break HTTP, and WebSocket frames that break its protocol. */
export const RAW_REQUESTS: readonly RawRequest[] = [
  request('nothing', ''),
  request('noise', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
  request('TLS', Buffer.from('16030100c8010000c40303', 'hex')),
  request('HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  request('HTTP/0.9', 'GET /\r\n'),
  request('no host', 'GET / HTTP/1.1\r\n\r\n'),
  request('two hosts', `GET / HTTP/1.1\r\n${HOST}Host: evil\r\n\r\n`),
  request('an unknown method', `FUZZ / HTTP/1.1\r\n${HOST}\r\n`),
  request('CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`),
  request('an absolute address', `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`),
  request('an address with spaces', `GET /a b c HTTP/1.1\r\n${HOST}\r\n`),
  request('an address with NUL', `GET /\0 HTTP/1.1\r\n${HOST}\r\n`),
  request('an address with bytes above 127', Buffer.from(`GET /\xff\xfe HTTP/1.1\r\n${HOST}\r\n`, 'latin1')),
  request('a header without a colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`),
  request('a header with NUL', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`),
  request('a folded header', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`),
  request('a header of 100 kB', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(100_000)}\r\n\r\n`),
  request('5,000 headers', `GET / HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(5000)}\r\n`),
  request('a negative length', `${POST}Content-Length: -1\r\n\r\n`),
  request('a length that is not a number', `${POST}Content-Length: x\r\n\r\n`),
  request('a length beyond any body', `${POST}Content-Length: 99999999999999999999\r\n\r\n{`),
  request('two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`),
  request('a length and chunks', `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  request('a body that is too short', `${POST}Content-Length: 1000\r\n\r\n{"query":`),
  request('a body that is too long', `${POST}Content-Length: 2\r\n\r\n{}{}{}`),
  request('chunks that are not', `${POST}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`),
  request('a huge chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{`),
  request('chunks without an end', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`),
  request('an unknown encoding of the transfer', `${POST}Transfer-Encoding: nonsense\r\n\r\n{}`),
  request('a hundred requests at once', `GET /healthz HTTP/1.1\r\n${HOST}\r\n`.repeat(100)),
  request('a smuggled request', `${POST}Content-Length: 2\r\n\r\n{}GET /metrics HTTP/1.1\r\n${HOST}\r\n`),
  request('an upload that stops', `PUT /blobs/${'0'.repeat(64)} HTTP/1.1\r\n${HOST}Content-Length: 1000\r\n\r\nhalf`),
  request('a socket without a key', UPGRADE.replace(/Sec-WebSocket-Key.*\r\n/, '')),
  request('a socket of another version', UPGRADE.replace('Version: 13', 'Version: 99')),
  request('a socket at another path', UPGRADE.replace('/graphql', '/elsewhere')),
  request('a socket with another subprotocol', UPGRADE.replace('graphql-transport-ws', 'graphql-ws')),
  request('a socket without a subprotocol', UPGRADE.replace(/Sec-WebSocket-Protocol.*\r\n/, '')),
  request('a socket from elsewhere', UPGRADE.replace(HOST, `${HOST}Origin: https://evil.example\r\n`)),
  request('a socket with odd extensions', UPGRADE.replace(HOST, `${HOST}Sec-WebSocket-Extensions: x; y="; z\r\n`)),
  frame('a frame without a mask', '8102'.concat('7b7d')),
  frame('a frame with reserved bits', 'f18000000000'),
  frame('a frame with an unknown opcode', '838000000000'),
  frame('a continuation of nothing', '808000000000'),
  frame('a text that is not UTF-8', '818200000000fffe'),
  frame('a ping that is too long', `89fe007e00000000${'00'.repeat(126)}`),
  frame('a close without a code', '888000000000'),
  frame('a close with an invalid code', '88820000000000ff'),
  frame('a frame of 2^63 bytes', '81ff7fffffffffffffff00000000'),
  frame('a frame that never ends', '81fe10000000000000'),
  frame('a fragment without an end', '018200000000'.concat('7b7d')),
];

function frame(name: string, hex: string): RawRequest {
  return { name, bytes: Buffer.concat([Buffer.from(UPGRADE), Buffer.from(hex, 'hex')]) };
}

/**
 * Sends the bytes, and returns what came back. The request may be incomplete, so the server may wait for more: silence is
 * fine for a while.
 */
export function sendRaw(url: string, address: string, { bytes }: RawRequest, patienceMs: number): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port), localAddress: address });
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      const milliseconds = performance.now() - started;
      resolve({
        status: status ? Number(status) : null,
        closed: null,
        text: body,
        milliseconds,
        failure: null,
        graphql: parseGraphql(body),
      });
    };
    const timer = setTimeout(finish, patienceMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // A reset is an answer to bytes that are not HTTP.
    socket.on('error', finish).on('close', finish);
    socket.write(bytes);
  });
}
