import { readFileSync, writeFileSync } from 'node:fs';

/** Measures another process of this machine, from outside: what it really spends, garbage collection included. Linux only. */
export class ServerProcess {
  constructor(
    private readonly pid: number,
    private readonly metricsUrl: string,
    private readonly token: string,
  ) {}

  /** Seconds of processor time that the process has spent, on all of its threads. */
  async cpuSeconds(): Promise<number> {
    const response = await fetch(this.metricsUrl, { headers: { authorization: `Bearer ${this.token}` } });
    const [, seconds] = /^process_cpu_seconds_total ([\d.e-]+)$/m.exec(await response.text()) ?? [];
    if (!seconds) throw new Error(`${this.metricsUrl} has no process_cpu_seconds_total`);
    return Number(seconds);
  }

  /** Forgets the peak of memory. Returns the bytes that are in use now. */
  forgetPeak(): number {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
    return this.status('VmRSS');
  }

  /** The most bytes that were in use since the peak was forgotten. */
  peak(): number {
    return this.status('VmHWM');
  }

  private status(field: string): number {
    const text = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
    return Number(kilobytes) * 1024;
  }
}
