import { cpSync, createWriteStream, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../processes/program.js';
import { until } from '../../processes/until.js';
import type { FleetAgent } from '../fleet/fleet-agent.js';
import { LEASE_SECONDS } from '../world/servers.js';
import { damageFiles } from './damage.js';
import { type Fault, lasts, NotPossible, secondsOf, victimOf, withBusyAgent } from './fault.js';

/** What happens to the home of an agent, and to its machine. */

const HOUR_MS = 3_600_000;
const MOST_HOURS = 48;
const ASK_AGAIN_MS = 50;
/**
 * How long two agents may run with the same identity before one of them is refused. On an idle machine it takes two leases, but
 * this one may also be busy with other scenarios, which delays what both agents send.
 */
const REFUSAL_SECONDS = 10 * LEASE_SECONDS;
/** How long the second agent may take to start. */
const START_SECONDS = 60;
const STOP_SECONDS = 10;
const MOST_COPIES = 10;
const FILLER_BYTES = 64 * 1024;

export const skewedClock: Fault = (world, fault) => {
  const agent = victimOf(fault, world.agents);
  const hours = fault.random.int(2 * MOST_HOURS) - MOST_HOURS || 1;
  return agent.exclusively(async () => {
    agent.skewClock(hours * HOUR_MS);
    await agent.process.whileDown(async () => {});
    return `${agent.name} starts with a clock that is off by ${hours} h`;
  });
};

export const damagedHome: Fault = (world, fault) =>
  withBusyAgent(world, fault, async (agent) => {
    let damage: string[] = [];
    await agent.process.whileDown(async () => {
      for (const id of attemptsIn(agent.place.home)) world.damagedAttempts.add(id);
      damage = damageFiles(agent.place.home, fault.random);
    });
    if (damage.length === 0) throw new NotPossible(`the home of ${agent.name} had nothing but its identity`);
    return `the home of ${agent.name}: ${damage.join(', ')}`;
  });

function attemptsIn(home: string): string[] {
  const folder = join(home, 'attempts');
  return existsSync(folder) ? readdirSync(folder) : [];
}

export const fullDisk: Fault = async ({ smallDisk }, fault) => {
  if ('none' in smallDisk) throw new NotPossible(smallDisk.none);
  const { agent } = smallDisk;
  const filler = join(agent.place.home, 'filler');
  return agent.exclusively(async () => {
    try {
      await fill(filler);
      await lasts(secondsOf(fault));
    } finally {
      rmSync(filler, { force: true });
    }
    return `the disk of ${agent.name} for ${secondsOf(fault)} s`;
  });
};

/** Copies a home whose agent is at work. If a file disappears in the meantime, the copy begins again. */
function copyInUse(home: string, copy: string): void {
  for (let tries = 1; ; tries++) {
    try {
      cpSync(home, copy, { recursive: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === MOST_COPIES) throw error;
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

export const copiedHome: Fault = (world, fault) => {
  const agent = victimOf(fault, world.agents);
  return agent.exclusively(async () => {
    const { home } = agent.place;
    const copy = `${home}-copy`;
    copyInUse(home, copy);
    const second = new Program(agent.program(copy, `${agent.name}-copy`));
    try {
      const refused = await whoIsRefused(agent, second);
      if (refused === null) {
        world.violations.push(
          `copied home: for ${REFUSAL_SECONDS} s, ${agent.name} and an agent with a copy of its home worked side by side`,
        );
      }
      return `the home of ${agent.name}: ${refused ?? 'nobody'} was refused`;
    } finally {
      await second.stop(STOP_SECONDS);
      rmSync(copy, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  });
};

/** Null if both agents still work when the time is up. An agent that waits for its home does not work. */
async function whoIsRefused({ process }: FleetAgent, second: Program): Promise<string | null> {
  const endingsBefore = process.endings.length;
  await until('the second agent to say something', START_SECONDS, () => second.output !== '' || !second.isRunning);
  const endMs = Date.now() + REFUSAL_SECONDS * 1000;
  while (Date.now() < endMs) {
    if (!second.isRunning) return 'the copy';
    if (process.endings.length > endingsBefore) return 'the original';
    await sleep(ASK_AGAIN_MS);
  }
  return second.output.includes('is ready') ? null : 'the copy, which still waits,';
}

/** Writes a file until the disk is full. */
async function fill(file: string): Promise<void> {
  const endless = (function* () {
    for (;;) yield Buffer.alloc(FILLER_BYTES);
  })();
  try {
    await pipeline(Readable.from(endless), createWriteStream(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
