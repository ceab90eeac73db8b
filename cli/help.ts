import { type Command, Option } from 'commander';
import { EXIT, type ExitName } from '../schema/exit-codes.js';

export interface Notes {
  /** Command lines without the name `crosscheck`, each with what it does. */
  examples: [commandLine: string, comment: string][];
  /** What the exit codes that this command ends with mean. */
  exitCodes: Partial<Record<ExitName, string>>;
}

const LEFT_COLUMN = 60;

/** Adds examples and exit codes to a command's `--help`. */
export function withNotes(command: Command, { examples, exitCodes }: Notes): Command {
  const example = ([commandLine, comment]: [string, string]) =>
    `  ${withName(commandLine).padEnd(LEFT_COLUMN)}  # ${comment}`;
  const exitCode = ([name, meaning]: [string, string]) => `  ${String(EXIT[name as ExitName]).padStart(3)}  ${meaning}`;
  const text = [
    '',
    'Examples:',
    ...examples.map(example),
    '',
    'Exit codes:',
    ...(Object.entries(exitCodes) as [string, string][]).map(exitCode),
  ];
  return command.addHelpText('after', text.join('\n'));
}

/** Puts the name after any environment variables. */
const withName = (commandLine: string): string => commandLine.replace(/^([A-Z_]+=\S+ )*/, '$&crosscheck ');

/** For commands that only group others, which have their own exit codes. */
export const GROUP_EXIT_CODES: Notes['exitCodes'] = {
  done: 'done',
  refused: 'an unknown command or option',
};

export const jsonOption = (what: string): Option => new Option('--json', what).default(false);
