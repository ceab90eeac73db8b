import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPublicAddress } from './public-address.js';

describe('isPublicAddress', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.255.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['shared by a carrier (CGNAT)', '100.64.0.1'],
    ['shared by a carrier (CGNAT)', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local: the metadata service of clouds', '169.254.169.254'],
    ['benchmarks', '198.19.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['IPv4-mapped', '::ffff:1.1.1.1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['translated from IPv4', '64:ff9b::7f00:1'],
    ['unique-local', 'fc00::1'],
    ['unique-local', 'fd12:3456::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['global with a zone', '2606:4700::1111%eth0'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['Teredo', '2001:0:7f00:1::'],
    ['6to4', '2002:7f00:1::'],
    ['not an address', 'example.org'],
    ['not an address', ''],
  ])('not one that is %s: %s', (_, address) => expect(isPublicAddress(address)).toBe(false));
});

it('only loopback addresses and names below localhost can only mean this machine', () => {
  const hosts = ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.3.2.1', '[::1]'];
  expect(hosts.filter((host) => !isLoopbackHost(host))).toEqual([]);
  const others = ['127.example.org', 'localhost.example.org', '10.0.0.1', '0.0.0.0', '[::]', 'example.org'];
  expect(others.filter(isLoopbackHost)).toEqual([]);
});
