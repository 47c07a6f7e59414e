/** All runs at once, light enough that a front end holds, filters, sorts and groups ten thousand of them by itself. */
import { z } from 'zod';
import { runSpecSchema } from '../run-spec.ts';
import { runStatuses } from '../run-status.ts';

export const runRecipeSchema = z.strictObject(runSpecSchema.unwrap().omit({ seed: true }).shape).readonly();

/** What runs share that differ in nothing but their seed. */
export type RunRecipe = z.infer<typeof runRecipeSchema>;

const text = z.array(z.string());
const textOrNull = z.array(z.string().nullable());
const whole = z.array(z.int());
const number = z.array(z.number());
const numberOrNull = z.array(z.number().nullable());

/** One array a column, each as long as there are runs. Names and units as in a run's summary. */
export const runTableSchema = z.strictObject({
  /** Each recipe once. */
  recipes: z.array(runRecipeSchema),
  id: text,
  /** An index into `recipes`. */
  recipe: whole,
  seed: whole,
  name: text,
  note: text,
  group: text,
  tags: z.array(z.array(z.string())),
  protected: z.array(z.boolean()),
  status: z.array(z.enum(runStatuses)),
  reason: textOrNull,
  intent: z.array(z.enum(['pause', 'stop']).nullable()),
  queuePlace: numberOrNull,
  createdAtMs: number,
  startedAtMs: numberOrNull,
  endedAtMs: numberOrNull,
  trashedAtMs: numberOrNull,
  backend: textOrNull,
  device: textOrNull,
  /** Its name. */
  dataset: textOrNull,
  iteration: whole,
  episodes: whole,
  seconds: number,
  episodesPerSecond: numberOrNull,
  loss: numberOrNull,
  score: numberOrNull,
  sizeBytes: number,
  /** As `encodeSpark` writes it. */
  spark: text,
});

export type RunTable = z.infer<typeof runTableSchema>;

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const finest = digits.length - 1;
/** By the code of the letter. */
const valueOf = Array.from({ length: 128 }, (_, code) => Math.max(0, digits.indexOf(String.fromCharCode(code))));

/** A short series for a picture of a few pixels: `lowest highest LETTERS`, a letter a value, 64 steps between the two; '' for none. */
export function encodeSpark(values: readonly number[]): string {
  if (values.length === 0) return '';
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const scale = highest > lowest ? finest / (highest - lowest) : 0;
  let letters = '';
  for (const value of values) letters += digits[Math.round((value - lowest) * scale)]!;
  return `${Number(lowest.toPrecision(5))} ${Number(highest.toPrecision(5))} ${letters}`;
}

export function decodeSpark(text: string): number[] {
  const [lowest, highest, letters] = text.split(' ');
  if (letters === undefined) return [];
  const step = (Number(highest) - Number(lowest)) / finest;
  const values: number[] = [];
  for (let index = 0; index < letters.length; index++) values.push(Number(lowest) + step * valueOf[letters.charCodeAt(index)]!);
  return values;
}
