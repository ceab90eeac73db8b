import { expect, it } from 'vitest';
import { optionFor } from '../files/allowed-sources.js';
import { allowedSources } from './weights-options.js';

it('without an option, runs may read only the folder weights in the home', () => {
  expect(allowedSources('/home', { weights: [], allowHost: [] })).toEqual({ folders: ['/home/weights'], hosts: [] });
});

it('the options add folders and hosts, and all hosts that cannot be read are reported together', () => {
  const options = { weights: ['/data/a', '/data/b'], allowHost: ['example.org', 'files.lab:81=10.0.0.5'] };
  expect(allowedSources('/home', options)).toEqual({
    folders: ['/home/weights', '/data/a', '/data/b'],
    hosts: [
      { hostname: 'example.org', port: null, address: null },
      { hostname: 'files.lab', port: 81, address: '10.0.0.5' },
    ],
  });
  expect(() => allowedSources('/home', { weights: [], allowHost: ['*', 'b', 'http://c/'] })).toThrow(
    /^--allow-host \*: "\*" is not a host; give .*\n--allow-host http:\/\/c\/: "http:\/\/c\/" is not a host; give .*$/,
  );
});

it.each([
  ['w.safetensors', null],
  ['/home/weights/w', null],
  ['/home/weights/deep/w', null],
  ['/home/weights2/w', '--weights /home/weights2'],
  ['/etc/passwd', '--weights /etc'],
  ['https://example.org/w', null],
  ['https://example.org:444/w', '--allow-host example.org:444'],
  ['http://[::1]/w', '--allow-host [::1]'],
])('to read %s, the option is %s', (source, option) => {
  expect(optionFor(source, allowedSources('/home', { weights: [], allowHost: ['example.org'] }))).toBe(option);
});
