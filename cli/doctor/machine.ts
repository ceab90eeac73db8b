import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../../server/package-root.js';
import parts from '../install/parts.json' with { type: 'json' };
import { type Finding, missing, ok, warning } from './check.js';

const GB = 1e9;
const LITTLE_MEMORY = 4 * GB;
const LITTLE_SPACE = 5 * GB;
const NO_SPACE = 0.5 * GB;

const gigabytes = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`;

/** Figures: docs/performance.md. */
export function node(version = process.versions.node): Finding {
  const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const oldest = engines.node.replace('>=', '');
  if (version.localeCompare(oldest, 'en', { numeric: true }) < 0) {
    return missing(`${version} is too old: ${oldest} or later is needed`, parts.node);
  }
  // From Node 21 on, the portable kernels use relaxed SIMD.
  if (Number.parseInt(version, 10) >= 22) return ok(version);
  return warning(version, {
    cost: 'a training step on the processor takes 1.2 to 1.6 times as long as on Node 24',
    remedy: 'install Node 24',
  });
}

export function processor(cores = availableParallelism()): Finding {
  const detail = `${cores} ${cores === 1 ? 'core' : 'cores'}, ${cpus()[0]?.model.trim() || 'unknown model'}`;
  if (cores > 1) return ok(detail);
  return warning(detail, {
    cost: 'two networks that train on the processor take turns, so a step takes up to twice as long',
    remedy: 'give Crosscheck two cores',
  });
}

/** @param bytes what the machine has, or what its container may use when that is less */
export function memory(bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)): Finding {
  if (bytes >= LITTLE_MEMORY) return ok(gigabytes(bytes));
  return warning(gigabytes(bytes), {
    cost: 'larger networks do not fit: on the processor, each of two ResNet-50 networks needs 1.2 GB or more',
    remedy: 'use smaller networks, crops or batches here',
  });
}

/** Whether `directory` is writable or can be created, and how much space is free. */
export async function disk(directory: string, remedy: string): Promise<Finding> {
  const place = nearestExisting(resolve(directory));
  try {
    accessSync(place, constants.W_OK);
  } catch {
    return missing(`${directory}: ${place} is not writable`, { cost: 'nothing can be stored there', remedy });
  }
  const { bavail, bsize } = await statfs(place);
  return space(directory, bavail * bsize, remedy);
}

export function space(directory: string, freeBytes: number, remedy: string): Finding {
  const detail = `${directory}: ${gigabytes(freeBytes)} free`;
  if (freeBytes < NO_SPACE) return missing(detail, { cost: 'a database or a checkpoint does not fit', remedy });
  if (freeBytes >= LITTLE_SPACE) return ok(detail);
  return warning(detail, {
    cost: 'a few checkpoints fill it: one of a large network takes about 0.6 GB',
    remedy,
  });
}

function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(dirname(directory));
}
