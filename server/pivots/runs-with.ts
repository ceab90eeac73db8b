import type { Context } from '../context.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';

/** The runs with these ids, in their order. One that was deleted in the meantime is left out. */
export async function runsWith(service: RunsService, context: Context, ids: readonly string[]): Promise<Run[]> {
  const runs = await Promise.all(ids.map((id) => service.load(context, id)));
  return runs.filter((run) => run !== null);
}
