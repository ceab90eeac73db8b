import { printable } from './printable.js';

/** The way to a server, for messages. */
export interface Way {
  /** The server's address. */
  server: URL;
  /** The proxy in between, without its password; null if there is none. */
  proxy: string | null;
}

/** Why there was no answer. */
export interface Trouble {
  /** Of Node, OpenSSL or undici. */
  code: string;
  /** Continues "the server at … ". */
  what: 'does not answer' | 'cannot be trusted';
  /** What is wrong, and what to do about it: one line without a full stop. */
  why: string;
}

/** What errors of sockets, OpenSSL and undici carry. */
type NetworkError = Error & { code?: string | number; cert?: { subjectaltname?: string; subject?: { CN?: string } } };

const UNKNOWN_AUTHORITY = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const NOT_TLS = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNKNOWN_PROTOCOL',
];
const CLOSED = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];
const NO_CONNECTION = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];
const NO_ROUTE = ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'];
const TOO_SLOW = ['TimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** Says in words what the error of a request means. It is what `fetch` throws, or its cause. */
export function troubleOf(thrown: unknown, way: Way): Trouble {
  const error = causeOf(thrown);
  const code = codeOf(error);
  const distrust = wrongCertificate(code, error, way.server);
  if (distrust !== null) return { code, what: 'cannot be trusted', why: distrust };
  const why =
    proxyTrouble(code, error, way) ??
    explainConnection(code, way.server)?.join('; ') ??
    explainOther(error, code, way.server);
  return { code, what: 'does not answer', why };
}

/** `fetch` wraps what happened, some layers deep. */
function causeOf(thrown: unknown): NetworkError {
  let error = thrown instanceof Error ? thrown : new Error(String(thrown));
  while (error.cause instanceof Error) error = error.cause;
  // Several addresses of a name have failed. Its own message is empty.
  return error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
}

/** An error without a code of its own has a name. The code of a DOMException is a number that says less than its name. */
function codeOf({ code, name }: NetworkError): string {
  return typeof code === 'string' ? code : name;
}

function wrongCertificate(code: string, { cert }: NetworkError, { hostname }: URL): string | null {
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return 'its certificate is self-signed; if it is the right server, set NODE_EXTRA_CA_CERTS to a file with that certificate (PEM)';
  }
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return (
      'its certificate is signed by an authority that this machine does not know; set NODE_EXTRA_CA_CERTS to a file with ' +
      'the certificate of that authority (PEM), or let the server send its intermediate certificates'
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const state = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return `its certificate ${state}; renew it on the server, or correct the clock of this machine, which shows ${new Date().toISOString()}`;
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return null;
  const names = cert?.subjectaltname ?? cert?.subject?.CN ?? 'another name';
  return `its certificate is for ${printable(names.slice(0, 300))}, not for ${hostname}; use a name in the certificate as the server's address`;
}

/** A failed connection is one to the proxy, if there is one. */
function proxyTrouble(code: string, { message }: NetworkError, { server, proxy }: Way): string | null {
  if (proxy === null) return null;
  const status = /Proxy response \((\d+)\)/.exec(message)?.[1] ?? /\((407)\)/.exec(message)?.[1];
  if (status === '407') {
    return `the proxy ${proxy} asks for a user name and password; write them into its address: http://USER:PASSWORD@HOST:PORT`;
  }
  if (status !== undefined) return `the proxy ${proxy} answers HTTP ${status} instead of connecting to ${server.host}`;
  // With a tunnel, these may be the server's.
  const isBehind = [...CLOSED, ...TOO_SLOW].includes(code) || code.startsWith('ERR_SSL_');
  const explained = explainConnection(code, new URL(isBehind ? server : proxy));
  if (explained === null) return null;
  if (isBehind) return `${explained.join('; ')}; requests go through the proxy ${proxy}`;
  return `the proxy ${proxy}: ${explained[0]}; correct the proxy, or add ${server.hostname} to NO_PROXY if it can be reached directly`;
}

/** What is wrong, and what to do about it. */
type Explanation = [fact: string, advice: string];

function explainConnection(code: string, { protocol, hostname, host }: URL): Explanation | null {
  if (code === 'ECONNREFUSED') {
    return [`nothing listens at ${host}`, 'check that it is running and that the port is right'];
  }
  if (code === 'ENOTFOUND') return [`there is no host ${hostname}`, 'check the spelling, and whether it needs a VPN'];
  if (code === 'EAI_AGAIN') {
    return [`the name ${hostname} cannot be looked up`, 'check the network and DNS of this machine'];
  }
  if (NO_ROUTE.includes(code)) {
    return [`there is no route to ${hostname} (${code})`, 'check the network of this machine'];
  }
  if (NO_CONNECTION.includes(code)) {
    return [`no connection to ${host} in time (${code})`, 'check the address, and whether a firewall blocks it'];
  }
  if (TOO_SLOW.includes(code)) return [`no answer in time (${code})`, 'the server or the network may be overloaded'];
  if (NOT_TLS.includes(code)) {
    return [`what listens at ${host} does not speak TLS`, 'use http://, or the port for https'];
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return [`the TLS handshake with ${host} failed (${code})`, 'check the TLS settings of the server and its proxy'];
  }
  if (code === 'HTTPParserError' || code.startsWith('HPE_')) {
    return [`what listens at ${host} does not speak HTTP`, otherScheme(protocol)];
  }
  if (CLOSED.includes(code)) return [`the connection was closed (${code})`, otherScheme(protocol)];
  return null;
}

/** A server that expects TLS closes a connection without it, and says nothing. */
function otherScheme(protocol: string): string {
  return protocol === 'http:' ? 'if it expects TLS, use https://' : 'the server or a proxy may have restarted';
}

function explainOther({ message }: NetworkError, code: string, { port }: URL): string {
  // The standard of fetch forbids the ports of some old services, such as 1 and 6000.
  if (message === 'bad port') {
    return `port ${port} is reserved for another service; let the server listen on another one`;
  }
  return printable((message || code).slice(0, 300));
}
