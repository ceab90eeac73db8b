import { runCommandLine } from '../command-line.js';

export interface Outcome {
  code: number;
  /** Standard output, in lines. */
  out: string[];
  /** Standard error, in lines. */
  err: string[];
}

/** Runs a command line in this process, given without `crosscheck`. */
export async function crosscheck(...args: string[]): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []];
  let unfinished = '';
  const code = await runCommandLine(args, {
    print: (text) => out.push(...text.split('\n')),
    write: async (text) => {
      const [first, ...rest] = `${unfinished}${text}`.split('\n');
      const lines = [first!, ...rest];
      unfinished = lines.pop()!;
      out.push(...lines);
    },
    warn: (text) => err.push(...text.split('\n')),
  });
  return { code, out, err };
}
