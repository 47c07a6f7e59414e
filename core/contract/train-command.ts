/** The command line that trains what somebody has put together in a form. */
import type { RunSpec } from './run-spec.ts';

export interface TrainRequest {
  readonly spec: Omit<RunSpec, 'seed'>;
  readonly seeds: readonly number[];
  readonly name?: string;
  readonly note?: string;
  readonly group?: string;
  readonly tags?: readonly string[];
}

/**
 * One word a line's part, to be joined by spaces: only what differs from the experiment's `preset`.
 * @param start how the command line is called: `npm start --`
 */
export function trainCommand({ spec, seeds, name, note, group, tags = [] }: TrainRequest, preset: RunSpec, start = 'npm start --'): string {
  const words = ['train', spec.experiment];
  const add = (option: string, value: string | undefined) => {
    // A word of its own would be taken for an option where it begins with a dash.
    if (value !== undefined && value !== '') words.push(...(value.startsWith('-') ? [`${option}=${value}`] : [option, value]));
  };
  const changed = (key: Exclude<keyof TrainRequest['spec'], 'parameters' | 'extensions'>) =>
    spec[key] === undefined || spec[key] === preset[key] ? undefined : String(spec[key]);
  add('--variant', changed('variant'));
  add('--episodes', changed('episodes'));
  add('--batch', changed('batch'));
  const [first] = seeds;
  if (seeds.length > 1) add('--seeds', describeNumbers(seeds));
  else if (first !== undefined && first !== preset.seed) add('--seed', String(first));
  add('--backend', changed('backend'));
  add('--device', changed('device'));
  add('--precision', changed('precision'));
  add('--dataset', changed('dataset'));
  for (const [key, value] of Object.entries(spec.parameters)) {
    if (value !== preset.parameters[key]) add('--set', `${key}=${value}`);
  }
  add('--name', name);
  add('--note', note);
  add('--group', group);
  for (const tag of tags) add('--tag', tag);
  return [start, ...words.map(quote)].join(' ');
}

/** `1..5`, `1,4,7`, `1..3,8`. */
export function describeNumbers(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges
    .flatMap(({ from, to }) => (to - from > 1 ? [`${from}..${to}`] : from === to ? [`${from}`] : [`${from}`, `${to}`]))
    .join(',');
}

/** Double quotes serve every shell; what they do not protect has single ones, as POSIX shells read them. */
function quote(word: string): string {
  if (/^[\w./:,=@+-]+$/.test(word)) return word;
  return /["$`\\!%\n]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
