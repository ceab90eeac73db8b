import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ViteDevServer } from 'vite';
import { buildCode, buildKernels } from './build.js';
import { Changes } from './changes.js';
import { startDashboard } from './dashboard.js';
import { say, secondsSince } from './output.js';
import {
  AGENT_CODE,
  isCode,
  isDocument,
  isKernel,
  OWN_CODE,
  PROGRAMS,
  root,
  SERVER_CODE,
  TRAINING_CODE,
  watchedPaths,
} from './places.js';
import type { RestartableProgram } from './restartable-program.js';
import { DevelopmentRunner } from './runner.js';
import { emitSchema, generateDocuments } from './schema.js';
import { developmentServer } from './server.js';
import { stopTasks } from './tasks.js';

export interface SessionOptions {
  port: number;
  webPort: number;
  home: string;
  runner: boolean;
}

/** Everything that `npm run dev` starts. */
export class Session {
  private readonly url: string;
  private readonly server: RestartableProgram;
  private readonly runner: DevelopmentRunner | null;
  private dashboard: ViteDevServer | null = null;
  private changes: Changes | null = null;
  private announced = false;
  private broken = false;
  private stopped = false;

  constructor(private readonly options: SessionOptions) {
    const home = resolve(options.home);
    this.url = `http://127.0.0.1:${options.port}`;
    this.server = developmentServer(this.url, home, () => void this.serverIsUp());
    this.runner = options.runner ? new DevelopmentRunner(this.url, home) : null;
  }

  /** Builds and starts everything, follows every change until `stop`, then shuts everything down. */
  async run(): Promise<void> {
    try {
      // Before the build, so that no edit is missed.
      this.changes = await Changes.of(watchedPaths());
      await this.start();
      while (!this.stopped) await this.follow(await this.changes.next());
    } finally {
      this.stop();
      // The runner first, so that it can hand its run back to the server.
      await this.runner?.program.close();
      await this.server.close();
      await this.dashboard?.close();
      await this.changes?.close();
    }
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    stopTasks();
    void this.changes?.close();
  }

  /** Kills everything that is still running. */
  kill(): void {
    this.stop();
    this.runner?.program.kill();
    this.server.kill();
  }

  private async start(): Promise<void> {
    const startMs = Date.now();
    say('dev', 'Building code and kernels …');
    const [{ ok }] = await Promise.all([buildCode(), buildKernels()]);
    if (this.stopped) return;
    this.broken = !ok;
    if (ok) say('build', `done in ${secondsSince(startMs)}`);
    const [entry] = PROGRAMS.server;
    if (existsSync(join(root, entry!))) this.server.start();
    else say('server', 'not started: its code does not compile yet');
    const { webPort } = this.options;
    this.dashboard = await startDashboard(this.url, webPort, () => this.server.up);
    this.announce();
    if (this.server.running && (await emitSchema())) await generateDocuments();
  }

  private async follow(paths: string[]): Promise<void> {
    if (paths.some(isKernel)) void this.rebuildKernels();
    let schemaChanged = paths.some(isDocument);
    if (paths.some(isCode)) {
      const emitted = await this.build();
      if (emitted.some((file) => AGENT_CODE.test(file))) this.runner?.restart();
      if (emitted.some((file) => SERVER_CODE.test(file))) {
        void this.server.restart();
        schemaChanged = (await emitSchema()) || schemaChanged;
      } else if (emitted.length > 0 && this.server.up) {
        // If the runner is not running, this change may have fixed it.
        void this.startRunner();
      }
    }
    // Writing these files triggers the next change, which builds them.
    if (schemaChanged) await generateDocuments();
  }

  private async rebuildKernels(): Promise<void> {
    if (await buildKernels()) say('kernels', 'built; the next run uses them');
  }

  /** @returns the JavaScript files that were emitted */
  private async build(): Promise<string[]> {
    const startMs = Date.now();
    const { ok, emitted } = await buildCode();
    if (this.stopped) return [];
    if (emitted.length > 0) {
      const others = emitted.length > 1 ? ` and ${emitted.length - 1} more` : '';
      const effect = emitted.some((file) => TRAINING_CODE.test(file)) ? '; the next run trains with it' : '';
      say('build', `${emitted[0]}${others} in ${secondsSince(startMs)}${effect}`);
    }
    if (emitted.some((file) => OWN_CODE.test(file)))
      say('dev', 'its own code has changed: restart npm run dev to use it');
    if (!ok) say('build', 'type errors: the last good build keeps running');
    else if (this.broken) say('build', 'no errors');
    this.broken = !ok;
    return emitted;
  }

  private async serverIsUp(): Promise<void> {
    await this.startRunner();
    this.announce();
  }

  private async startRunner(): Promise<void> {
    await this.runner?.start().catch((error: Error) => {
      if (!this.stopped) say('runner', error.message);
    });
  }

  /** Prints the addresses once everything is up. */
  private announce(): void {
    const dashboardUrl = this.dashboard?.resolvedUrls?.local[0];
    if (this.announced || !this.server.up || !dashboardUrl || this.stopped) return;
    this.announced = true;
    say('dev', `Dashboard: ${dashboardUrl}`);
    say('dev', `GraphQL:   ${this.url}/graphql`);
    say('dev', 'Every edit takes effect without another command. Press Ctrl-C to stop.');
  }
}
