import { isIPv6 } from 'node:net';
import { AppError, refusal } from '../graphql/errors.js';

/** Bounds the memory that an attacker with many addresses can take. */
const MAX_NETWORKS = 10_000;
const MINUTE_MS = 60_000;

/** Nobody was given this token: it may be a guess. */
export class UnknownToken extends AppError {
  constructor(reason: 'TOKEN_UNKNOWN' | 'REGISTRATION_TOKEN_INVALID') {
    super(reason, {});
  }
}

interface Bucket {
  left: number;
  atMs: number;
  /** The look-ups in progress. They never reject. */
  running: Set<Promise<void>>;
}

/**
 * Limits how many unknown tokens a network may send: one IPv4 address, or one /64 of IPv6. Each has a bucket of `perMinute`
 * tries that refills evenly. This includes loopback: behind a proxy, everybody may come from there.
 */
export class FailureLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Looks up a token that may be unknown: `lookUp` then throws UnknownToken, which takes one from the bucket. No more
   * look-ups are in progress than the bucket allows to fail; others wait for one of them to end.
   * @throws TOO_MANY_REQUESTS, without looking it up, if the bucket is empty
   */
  async attempt<T>(address: string | null, lookUp: () => Promise<T>): Promise<T> {
    let bucket = this.bucketOf(address);
    // No await between this check and `running.add`, or many look-ups would pass it together.
    while (bucket.left - bucket.running.size < 1) {
      if (bucket.left < 1) throw this.refusal(address, bucket);
      await Promise.race(bucket.running);
      bucket = this.bucketOf(address);
    }
    const { running } = bucket;
    const looking = lookUp();
    const settled: Promise<void> = looking
      .then(
        () => {},
        (error: unknown) => {
          if (error instanceof UnknownToken) bucket.left--;
        },
      )
      .finally(() => running.delete(settled));
    running.add(settled);
    return looking;
  }

  private refusal(address: string | null, { left }: Bucket): AppError {
    const seconds = Math.ceil(((1 - left) * MINUTE_MS) / this.perMinute / 1000);
    return refusal('TOO_MANY_UNKNOWN_TOKENS', { address: address ?? 'this address', seconds });
  }

  private bucketOf(address: string | null): Bucket {
    const network = networkOf(address);
    const atMs = this.now();
    const bucket = this.buckets.get(network) ?? { left: this.perMinute, atMs, running: new Set() };
    bucket.left = Math.min(this.perMinute, bucket.left + ((atMs - bucket.atMs) * this.perMinute) / MINUTE_MS);
    bucket.atMs = atMs;
    // Last in the order of the map, so that the first one is the longest unused.
    this.buckets.delete(network);
    if (this.buckets.size >= MAX_NETWORKS) this.buckets.delete(this.buckets.keys().next().value!);
    this.buckets.set(network, bucket);
    return bucket;
  }
}

/** The address, or the /64 of an IPv6 address: whoever has one usually has all of them. */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...new Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
