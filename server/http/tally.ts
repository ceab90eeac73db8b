/** Counts what is open for each key, up to a limit. */
export class Tally {
  private readonly counts = new Map<string, number>();

  constructor(readonly limit: number) {}

  isFull(key: string): boolean {
    return (this.counts.get(key) ?? 0) >= this.limit;
  }

  /** Counts one more, and returns the function that takes it off again. Null if the limit is reached. */
  take(key: string): (() => void) | null {
    if (this.isFull(key)) return null;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const left = this.counts.get(key)! - 1;
      if (left === 0) this.counts.delete(key);
      else this.counts.set(key, left);
    };
  }
}
