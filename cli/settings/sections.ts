import { type Setting, serverSettings } from '../../server/settings-help.js';

/** A group of variables that the same program reads. */
export interface Section {
  title: string;
  /** Who reads them, and how they are set. */
  introduction: string;
  settings: Setting[];
}

const text = (name: string, description: string, byDefault: string | null = null): Setting => ({
  name,
  byDefault,
  allowed: null,
  description,
});

/** `1` switches something on. */
const flag = (name: string, description: string): Setting => ({ ...text(name, description), allowed: '1' });

/** Every environment variable that Crosscheck reads, by the program that reads it; a test compares them with the sources. */
export function settingsSections(): Section[] {
  return [
    {
      title: 'Server',
      introduction:
        'Read by `npm start` (`crosscheck server`), which prints them with `--help`. An empty variable counts as unset; an invalid one stops the start with a message that names it.',
      settings: serverSettings(),
    },
    {
      title: 'Command line and runner',
      introduction:
        'Read by the commands that speak to a server, and by the runner. Everything else about them is an option: `--help` lists those.',
      settings: [
        text('CROSSCHECK_USER_TOKEN', 'The user token to send to the server. `--token` takes precedence.'),
        text(
          'XDG_CACHE_HOME',
          'Folder of cached files. A runner keeps downloaded weights in `crosscheck/weights` below it, and `npm run test:node` other versions of Node in `crosscheck/node`.',
          '~/.cache',
        ),
      ],
    },
    {
      title: 'Installation',
      introduction: 'Read by `npm ci` and `npm run build:kernels`.',
      settings: [
        text('CXX', 'The C++ compiler for the native kernels.', 'the first of c++, g++ and clang++ that is installed'),
      ],
    },
    {
      title: 'Docker Compose',
      introduction: 'Read by `docker compose` from `.env`; `.env.example` is the file to start from. All are required.',
      settings: [
        text(
          'POSTGRES_PASSWORD',
          'Password of the database. Letters and digits only, because it becomes part of a URL.',
        ),
        text('CROSSCHECK_USER_TOKEN', 'Passed to the server: the token that people type into the dashboard.'),
        text('CROSSCHECK_REGISTRATION_TOKEN', 'Passed to the server, and to the runners as REGISTRATION_TOKEN.'),
      ],
    },
    {
      title: 'Runner image',
      introduction:
        'Read by `runner/entrypoint.sh` when the container starts for the first time and registers. Later starts use the identity in the volume `/runner`.',
      settings: [
        text('SERVER_URL', "The server's address. Required."),
        text('REGISTRATION_TOKEN', 'A registration token. Required.'),
        text(
          'ENGINE',
          'The engine to compute with, as `--engine` of `register`.',
          'auto; tensorflow in the image `nvidia`',
        ),
        text('ADAPTER', 'The GPU that `webgpu` computes on, as `--adapter` of `register`.', 'the first GPU'),
      ],
    },
    {
      title: 'Tests',
      introduction: 'Read by `npm test` and the commands that run a part of it.',
      settings: [
        {
          ...text(
            'CI',
            'Fail where a part is missing that tests need (a browser, a GPU, test data). Without it, those tests are left out.',
          ),
          allowed: 'true',
        },
        text(
          'CHROMIUM',
          'Path of the browser for the browser tests.',
          '/usr/bin/chromium, then /usr/bin/google-chrome',
        ),
        text('TEST_DATABASE_URL', 'A PostgreSQL on which the tests may create databases.', 'one of their own'),
        {
          ...text(
            'CROSSCHECK_TEST_ENGINE',
            'The one engine to test. `npm run test:engine -- NAME` sets it.',
            'every engine that works without a GPU',
          ),
          allowed: 'tensorflow, webgpu, wasm, cpu',
        },
        flag('CROSSCHECK_TEST_SOFTWARE_GPU', 'Set by the tests: a software GPU counts as a GPU.'),
        flag(
          'CROSSCHECK_TEST_NO_WEBGPU',
          'Set by the tests: no GPU was found, not even a software one, so the webgpu tests are left out.',
        ),
      ],
    },
  ];
}
