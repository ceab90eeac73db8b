import { Dashboard } from '../support/dashboard.js';

/** The one server and browser of all tests of the dashboard: starting them takes as long as several tests. */
export const board = new Dashboard();
