/**
 * Loaded with `--import` before a program's own code: its clock differs from that of the machine by CHAOS_CLOCK_MS
 * milliseconds. Timers are not affected, as on a machine whose clock is wrong.
 */
const skewMs = Number(process.env.CHAOS_CLOCK_MS);
const now = Date.now;

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [now() + skewMs], newTarget),
  apply: () => new Date().toString(),
  get: (target, name) => (name === 'now' ? () => now() + skewMs : Reflect.get(target, name)),
});
