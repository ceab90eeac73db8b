import { isMainThread } from 'node:worker_threads';

/** Loaded before a program, it prints what the whole process has used as the last line of standard error. */
if (isMainThread) process.on('exit', () => console.error(JSON.stringify(process.resourceUsage())));
