import { release } from 'node:os';
import { processor } from '../../runner/engines/processor.js';
import type { Section } from './section.js';

interface Facts {
  /** The adapter, as `doctor` describes it. */
  device: string;
  software: boolean;
  commit: string | null;
  seconds: number;
  minutesAllowed: number;
}

/** The page as Markdown: where it was measured, what each part found, and what did not fit into the time. */
export function page(
  { device, software, commit, seconds, minutesAllowed }: Facts,
  sections: readonly Section[],
): string {
  const leftOut = sections.flatMap(({ title, leftOut }) => (leftOut ? [`- ${title}: ${leftOut}`] : []));
  const lines = [
    `# ${device.replace(/ \([^()]*\)$/, '')}`,
    `Written by \`npm run gpu-check\`, which took ${(seconds / 60).toFixed(1)} minutes of at most ${minutesAllowed}.`,
    '',
    `- adapter: ${device}`,
    `- processor: ${processor()}; ${process.platform} ${release()}, Node ${process.versions.node}`,
    `- commit: ${commit ?? 'unknown'}`,
    ...(software ? ['', 'A software GPU computes on the processor: these are not the figures of a GPU.'] : []),
    ...sections.flatMap(({ title, lines }) => ['', `## ${title}`, ...lines]),
    '',
    '## What did not fit',
    ...(leftOut.length > 0 ? leftOut : ['Everything fitted into the time.']),
  ];
  return `${lines.join('\n')}\n`;
}
