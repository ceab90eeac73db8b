import { runCommandLine } from './command-line.js';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  print: (line) => console.log(line),
  write: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
  warn: (line) => console.error(line),
});
