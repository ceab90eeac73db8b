import { Token } from '../auth/token.entity.js';
import { Runner } from '../runners/runner.entity.js';
import { Attempt } from '../runs/attempt.entity.js';
import { Run } from '../runs/run.entity.js';
import { Study } from '../studies/study.entity.js';

/** Every table that a class describes. */
export const entities = [Study, Run, Runner, Attempt, Token];
