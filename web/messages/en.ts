import alarms from './en/alarms.json';
import charts from './en/charts.json';
import common from './en/common.json';
import compare from './en/compare.json';
import datasets from './en/datasets.json';
import errors from './en/errors.json';
import explorer from './en/explorer.json';
import format from './en/format.json';
import newPage from './en/new.json';
import run from './en/run.json';
import runners from './en/runners.json';
import runs from './en/runs.json';
import samples from './en/samples.json';
import shell from './en/shell.json';
import states from './en/states.json';
import studies from './en/studies.json';
import token from './en/token.json';
import waiting from './en/waiting.json';

/** All texts of the dashboard in English. */
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
};
