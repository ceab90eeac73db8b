import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { LocalStack } from '../../cli/local-stack/local-stack.js';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { EmbeddedPostgres } from '../../server/database/embedded-postgres.js';
import { createLogger } from '../../server/logger.js';
import { type Heap, heapLineEnd, MEASURE, readHeap } from './heap-line.js';

const MEASURE_SECONDS = 30;
const NOTICE_MS = 200;

/** A server in its own process, whose memory can be measured, with a PostgreSQL that others can use too. */
export class WatchedServer {
  /** How often the process that runs now has been measured. */
  private measurements = 0;
  private restarting: Promise<unknown> | null = null;

  private constructor(
    private readonly stack: LocalStack,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  /** @param settings of the server */
  static async start(settings: Record<string, string>): Promise<WatchedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-fuzz-'));
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(folder, 0o755);
    const postgres = await EmbeddedPostgres.start(join(folder, 'database'), createLogger('warn'));
    const probe = pathToFileURL(compiledFile('./heap-probe.js', import.meta.url)).href;
    const stack = new LocalStack({
      folder,
      settings: { DATABASE_URL: postgres.url, ...settings },
      env: { NODE_ENV: 'production', NODE_OPTIONS: `--import=${probe}` },
    });
    const server = new WatchedServer(stack, postgres);
    try {
      await stack.startServer();
      return server;
    } catch (error) {
      await server.stop();
      server.remove();
      throw error;
    }
  }

  get url(): string {
    return this.stack.url;
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  get logFile(): string {
    return join(this.stack.folder, 'server.log');
  }

  /** The last lines that it printed. */
  get lastWords(): string {
    return this.stack.server!.output.slice(-2000);
  }

  /**
   * Starts the server again if it has crashed. Returns whether it had: true for every call that was in progress.
   * @param unanswered whether a call has failed, which is known before the end of the process is
   */
  async recover(unanswered: boolean): Promise<boolean> {
    if (unanswered) await sleep(NOTICE_MS);
    if (this.restarting === null && this.stack.server!.isRunning) return false;
    this.measurements = 0;
    this.restarting ??= this.stack.startServer().finally(() => {
      this.restarting = null;
    });
    await this.restarting;
    return true;
  }

  /** The heap after garbage collection. */
  async heap(): Promise<Heap> {
    const server = this.stack.server!;
    const measurement = ++this.measurements;
    process.kill(server.pid, MEASURE);
    await server.printed(heapLineEnd(measurement), MEASURE_SECONDS);
    return readHeap(server.output, measurement);
  }

  /** Stops the server and PostgreSQL. The log is then complete. */
  async stop(): Promise<void> {
    await this.stack.close();
    await this.postgres.stop();
  }

  /** Removes everything that a stopped server has left. */
  remove(): void {
    rmSync(this.stack.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
