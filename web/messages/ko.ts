import type en from './en.js';
import alarms from './ko/alarms.json';
import charts from './ko/charts.json';
import common from './ko/common.json';
import compare from './ko/compare.json';
import datasets from './ko/datasets.json';
import errors from './ko/errors.json';
import explorer from './ko/explorer.json';
import format from './ko/format.json';
import newPage from './ko/new.json';
import run from './ko/run.json';
import runners from './ko/runners.json';
import runs from './ko/runs.json';
import samples from './ko/samples.json';
import shell from './ko/shell.json';
import states from './ko/states.json';
import studies from './ko/studies.json';
import token from './ko/token.json';
import waiting from './ko/waiting.json';

/** All texts of the dashboard in Korean. */
export default {
  ...alarms,
  ...charts,
  ...common,
  ...compare,
  ...datasets,
  ...errors,
  ...explorer,
  ...format,
  ...newPage,
  ...run,
  ...runners,
  ...runs,
  ...samples,
  ...shell,
  ...states,
  ...studies,
  ...token,
  ...waiting,
} satisfies Record<keyof typeof en, string>;
