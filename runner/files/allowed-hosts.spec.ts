import { describe, expect, it } from 'vitest';
import { allowedHostOf, mayConnect, parseAllowedHost } from './allowed-hosts.js';

describe('--allow-host', () => {
  it.each([
    ['Example.org', 'example.org', null, null],
    ['example.org:8443', 'example.org', 8443, null],
    ['127.0.0.1:80', '127.0.0.1', 80, null],
    ['[0:0::1]:90', '[::1]', 90, null],
    ['files.lab=10.0.0.5', 'files.lab', null, '10.0.0.5'],
    ['files.lab:81=FD00:0::1', 'files.lab', 81, 'fd00::1'],
  ])('reads %s', (text, hostname, port, address) => {
    expect(parseAllowedHost(text)).toEqual({ hostname, port, address });
  });

  it.each([
    '',
    '*',
    '*.example.org',
    'https://example.org',
    'example.org/path',
    'me@example.org',
    'example.org?x',
    'example.org#x',
    'a b',
    '::1',
    'example.org:0',
    'example.org:65536',
    'example.org:x',
    'example.org=files.lab',
    'example.org=',
  ])('refuses "%s" and says what is allowed', (text) => {
    expect(() => parseAllowedHost(text)).toThrow('give NAME, NAME:PORT, ADDRESS:PORT or');
  });

  const allows = (host: string, url: string) => allowedHostOf(new URL(url), [parseAllowedHost(host)]) !== null;

  it('allows exactly this host, on the usual port or the given one', () => {
    expect(allows('example.org', 'https://EXAMPLE.org/a')).toBe(true);
    expect(allows('example.org', 'http://example.org:80/a')).toBe(true);
    expect(allows('127.0.0.1:81', 'http://0x7f.1:81/')).toBe(true);
    expect(allows('example.org:81', 'https://example.org:81/')).toBe(true);
    for (const url of [
      'https://www.example.org/',
      'https://example.org.evil.net/',
      'https://example.com/',
      'https://example.org:8443/',
      'http://example.org:443/',
      'ftp://example.org/',
      'file:///example.org',
    ])
      expect(allows('example.org', url), url).toBe(false);
    expect(allows('example.org:81', 'http://example.org/')).toBe(false);
  });

  it('allows no private address but the one that the owner wrote down', () => {
    const may = (host: string, address: string) => mayConnect(address, parseAllowedHost(host));
    expect(may('example.org', '1.1.1.1')).toBe(true);
    expect(may('example.org', '10.0.0.5')).toBe(false);
    expect(may('example.org', '::ffff:10.0.0.5')).toBe(false);
    expect(may('files.lab=10.0.0.5', '10.0.0.5')).toBe(true);
    expect(may('files.lab=10.0.0.5', '10.0.0.6')).toBe(false);
    expect(may('files.lab=fd00::1', 'fd00:0:0::1')).toBe(true);
    expect(may('10.0.0.5', '10.0.0.5')).toBe(true);
    expect(may('[::1]:80', '::1')).toBe(true);
    expect(may('[::1]:80', '::2')).toBe(false);
  });
});
