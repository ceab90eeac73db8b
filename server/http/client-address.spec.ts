import type { IncomingMessage } from 'node:http';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { clientAddress, proxyTest, trustOf } from './client-address.js';

/** The address that both our function and Express find, for a request from 10.0.0.1. */
function addressOf(trustProxy: number | string[], forwardedFor?: string): string {
  const app = express().set('trust proxy', trustProxy);
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const request = { socket: { remoteAddress: '10.0.0.1' }, connection: { remoteAddress: '10.0.0.1' }, headers };
  const address = clientAddress(request as unknown as IncomingMessage, trustOf(app));
  const expressRequest = Object.setPrototypeOf({ ...request }, app.request) as express.Request;
  expect(expressRequest.ip).toBe(address);
  return address;
}

describe('the address of a client', () => {
  it('is that of the connection if no proxy is trusted, whatever the header says', () => {
    expect(addressOf(0)).toBe('10.0.0.1');
    expect(addressOf(0, '192.0.2.1')).toBe('10.0.0.1');
    expect(addressOf(['10.0.0.2'], '192.0.2.1')).toBe('10.0.0.1');
  });

  it('is the nearest one that is not a proxy', () => {
    expect(addressOf(1, '192.0.2.1')).toBe('192.0.2.1');
    expect(addressOf(1, 'forged, 192.0.2.1')).toBe('192.0.2.1');
    expect(addressOf(2, 'forged, 192.0.2.1, 10.0.0.2')).toBe('192.0.2.1');
    expect(addressOf(['10.0.0.0/8'], 'forged, 192.0.2.1, 10.9.9.9')).toBe('192.0.2.1');
    expect(addressOf(['10.0.0.0/8'])).toBe('10.0.0.1');
    expect(addressOf(5, '192.0.2.1, 192.0.2.2')).toBe('192.0.2.1');
  });
});

describe('a connection of a proxy', () => {
  it('is one from an address that is named', () => {
    const isProxy = proxyTest(['192.0.2.0/24']);
    expect([isProxy('192.0.2.1'), isProxy('::ffff:192.0.2.1'), isProxy('127.0.0.1')]).toEqual([true, true, false]);
  });

  it('is one from a private address if proxies are only counted', () => {
    const isProxy = proxyTest(1);
    expect(['127.0.0.1', '::1', '10.0.0.1', '172.17.0.2', 'fd00::1'].map(isProxy)).toEqual(new Array(5).fill(true));
    expect(['203.0.113.5', '::ffff:203.0.113.5', '2001:db8::1', ''].map(isProxy)).toEqual(new Array(4).fill(false));
  });

  it('does not exist without proxies', () => {
    expect(proxyTest(0)('127.0.0.1')).toBe(false);
  });
});
