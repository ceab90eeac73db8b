import { type Setting, serverSettings } from '../../server/settings-help.js';

/** A group of variables that the same program reads. */
export interface Section {
  title: string;
  /** Which program reads them, and how to set them. */
  introduction: string;
  settings: Setting[];
}

const text = (name: string, description: string, byDefault: string | null = null): Setting => ({
  name,
  byDefault,
  allowed: null,
  description,
});

/** A variable that turns something on with `1`. */
const flag = (name: string, description: string): Setting => ({ ...text(name, description), allowed: '1' });

/** Every environment variable that Crosscheck reads, grouped by the program that reads it. A test compares them with the sources. */
export function settingsSections(): Section[] {
  return [
    {
      title: 'Server',
      introduction:
        'Read by `npm start` (`crosscheck server`), which lists them with `--help`. An empty variable counts as unset. If one is invalid, the server does not start and names it.',
      settings: serverSettings(),
    },
    {
      title: 'Command line and runner',
      introduction:
        "Read by the commands that talk to a server, and by the runner. Everything else that you can set there is an option: `--help` lists the options. They also obey `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case, and Node's `NODE_EXTRA_CA_CERTS` ([command-line.md](command-line.md#proxies-and-certificates)).",
      settings: [
        text('CROSSCHECK_SERVER', "The server's address. `--server` takes precedence.", 'http://localhost:4000'),
        text('CROSSCHECK_USER_TOKEN', 'The user token for the server. `--token` takes precedence.'),
        text(
          'CROSSCHECK_REGISTRATION_TOKEN',
          'The token that `runner register` uses. `--token` and `--token-file` take precedence.',
        ),
        {
          ...text(
            'CROSSCHECK_PROXY_LOOPBACK',
            'Use the proxy for a server on this machine, too. By default, such a server is reached directly.',
          ),
          allowed: 'on',
        },
        text(
          'XDG_CACHE_HOME',
          'Folder of cached files. In it, a runner keeps downloaded weights in `crosscheck/weights`, and `npm run test:node` keeps other versions of Node in `crosscheck/node`.',
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
      introduction: 'Read by `docker compose` from `.env`. Start from a copy of `.env.example`. All are required.',
      settings: [
        text(
          'POSTGRES_PASSWORD',
          'Password of the database. Letters and digits only, because it becomes part of a URL.',
        ),
        text('CROSSCHECK_USER_TOKEN', 'Passed to the server. People type it into the dashboard.'),
        text('CROSSCHECK_REGISTRATION_TOKEN', 'Passed to the server, and to the runners as `REGISTRATION_TOKEN`.'),
      ],
    },
    {
      title: 'Runner image',
      introduction:
        'Read by `runner/entrypoint.sh` when the container first starts and registers. Later starts use the identity in the volume `/runner`.',
      settings: [
        text('SERVER_URL', "The server's address. Required."),
        text('REGISTRATION_TOKEN', 'A registration token. Required.'),
        text(
          'ENGINE',
          'The engine to compute with; see `--engine` of `crosscheck runner register`.',
          'auto; tensorflow in the image `nvidia`',
        ),
        text(
          'ADAPTER',
          'The GPU that `webgpu` computes on; see `--adapter` of `crosscheck runner register`.',
          'the first GPU',
        ),
      ],
    },
    {
      title: 'Development',
      introduction: 'Read by `npm run dev`.',
      settings: [{ ...text('NO_COLOR', 'Print without colours.'), allowed: 'any value' }],
    },
    {
      title: 'Tests',
      introduction: 'Read by `npm test`, and by the commands that run some of the tests.',
      settings: [
        {
          ...text(
            'CI',
            'Tests that need something this machine lacks (a browser, a GPU, test data) fail. Without it, they are skipped.',
          ),
          allowed: 'true',
        },
        text(
          'CHROMIUM',
          'Path of the browser for the browser tests.',
          '/usr/bin/chromium, then /usr/bin/google-chrome',
        ),
        text(
          'TEST_DATABASE_URL',
          'A PostgreSQL on which the tests may create databases, as a superuser.',
          'one that the tests start',
        ),
        {
          ...text(
            'CROSSCHECK_TEST_ENGINE',
            'The only engine to test. `npm run test:engine -- NAME` sets it.',
            'every engine that works without a GPU',
          ),
          allowed: 'tensorflow, webgpu, wasm, cpu',
        },
        flag(
          'CROSSCHECK_RECORD_GOLDEN',
          'Records the digits to which `runner/training/golden.spec.ts` holds every method, for methods that have none.',
        ),
        flag('CROSSCHECK_TEST_SOFTWARE_GPU', 'Set by the tests: a software GPU counts as a GPU.'),
        flag('CROSSCHECK_TEST_AS_BUILT', 'The tests use the compiled files as they are, without building first.'),
        flag(
          'CROSSCHECK_TEST_NO_WEBGPU',
          'Set by the tests: there is no GPU, not even a software one, so the webgpu tests are skipped.',
        ),
      ],
    },
  ];
}
