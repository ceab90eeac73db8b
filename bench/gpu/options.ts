import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  /** Null for the first GPU. */
  adapter: string | null;
  software: boolean;
  minutes: number;
  page: string;
}

const PAGE = 'docs/results/gpu.md';

/** The command line. */
export function parseOptions(argv?: readonly string[]): Options {
  const command = new Command('gpu-check')
    .description(
      "Checks this machine's GPU: contract tests of the webgpu engine, bench:train, and a short study. Writes a page with the results.",
    )
    .option('--adapter <adapter>', 'the GPU, by index or name, if there are several')
    .option('--minutes <minutes>', 'how long it may take', minutes, 8)
    .option(
      '--software',
      "use the software GPU of Debian's chromium, with small sizes, to try this command; needs --page",
      false,
    )
    .option('--page <file>', `the page, in place of ${PAGE}`);
  const options = command.parse(argv, argv ? { from: 'user' } : undefined).opts<Partial<Options>>();
  if (options.software && !options.page)
    command.error('error: --software needs --page FILE: docs/results/gpu.md is for GPUs');
  return {
    adapter: options.adapter ?? null,
    software: options.software!,
    minutes: options.minutes!,
    page: options.page ?? PAGE,
  };
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 60)) throw new InvalidArgumentError('must be from 1 to 60.');
  return value;
}
