// The tests of the dashboard share a server and a browser. The first ones expect that no other dataset is registered.
import './dashboard/runs.js';
import './dashboard/studies.js';
import './dashboard/editing.js';
import './dashboard/alarms.js';
import './dashboard/access.js';
import './dashboard/datasets.js';
import './dashboard/everywhere.js';
