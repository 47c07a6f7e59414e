/** What was tried while looking inside a run, and is kept with it. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { listedTriedSchema, newTriedSchema, triedNameSchema } from '../tried.ts';
import { runArgumentSchema } from './runs.ts';

const one = { run: runArgumentSchema, id: z.int() };

export const triedContract = {
  /** In the order in which they were kept. */
  list: oc.input(z.strictObject({ run: runArgumentSchema })).output(z.array(listedTriedSchema)),
  keep: oc.input(z.strictObject({ run: runArgumentSchema, tried: newTriedSchema })).output(listedTriedSchema),
  rename: oc.input(z.strictObject({ ...one, name: triedNameSchema })).output(listedTriedSchema),
  remove: oc.input(z.strictObject(one)).output(z.strictObject({ removed: z.boolean() })),
};
