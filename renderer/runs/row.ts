/** A run as the table holds it: light, and never changed; what happens to the run makes another one. */
import { decodeSpark, type RunRecipe, type RunTable } from '../../core/contract/api/run-table.ts';
import type { RunSummary } from '../../core/contract/api/runs.ts';

export interface TableRow extends Pick<
  RunSummary,
  | 'id'
  | 'name'
  | 'note'
  | 'group'
  | 'tags'
  | 'protected'
  | 'status'
  | 'reason'
  | 'intent'
  | 'queuePlace'
  | 'createdAtMs'
  | 'startedAtMs'
  | 'endedAtMs'
  | 'trashedAtMs'
  | 'backend'
  | 'device'
  | 'iteration'
  | 'episodes'
  | 'seconds'
  | 'episodesPerSecond'
  | 'loss'
  | 'score'
  | 'sizeBytes'
> {
  /** The same object for runs that differ in nothing but their seed. */
  readonly recipe: RunRecipe;
  readonly seed: number;
  /** Its name. */
  readonly dataset: string | null;
  readonly spark: string | readonly number[];
}

/** Gives equal recipes one object. */
export class Recipes {
  readonly #known = new Map<string, RunRecipe>();

  share(recipe: RunRecipe): RunRecipe {
    const text = describe(recipe);
    const known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, recipe);
    return known ?? recipe;
  }

  get all(): Iterable<RunRecipe> {
    return this.#known.values();
  }
}

function describe({ parameters, ...rest }: RunRecipe): string {
  const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted(rest), sorted(parameters)]);
}

export function rowsOfTable(table: RunTable, recipes: Recipes): TableRow[] {
  const shared = table.recipes.map((recipe) => recipes.share(recipe));
  return table.id.map((id, at) => ({
    id,
    recipe: shared[table.recipe[at]!]!,
    seed: table.seed[at]!,
    name: table.name[at]!,
    note: table.note[at]!,
    group: table.group[at]!,
    tags: table.tags[at]!,
    protected: table.protected[at]!,
    status: table.status[at]!,
    reason: table.reason[at]!,
    intent: table.intent[at]!,
    queuePlace: table.queuePlace[at]!,
    createdAtMs: table.createdAtMs[at]!,
    startedAtMs: table.startedAtMs[at]!,
    endedAtMs: table.endedAtMs[at]!,
    trashedAtMs: table.trashedAtMs[at]!,
    backend: table.backend[at]!,
    device: table.device[at]!,
    dataset: table.dataset[at]!,
    iteration: table.iteration[at]!,
    episodes: table.episodes[at]!,
    seconds: table.seconds[at]!,
    episodesPerSecond: table.episodesPerSecond[at]!,
    loss: table.loss[at]!,
    score: table.score[at]!,
    sizeBytes: table.sizeBytes[at]!,
    spark: table.spark[at]!,
  }));
}

export function rowOfSummary(run: RunSummary, recipes: Recipes): TableRow {
  const { seed, ...recipe } = run.spec;
  return { ...run, recipe: recipes.share(recipe), seed, dataset: run.dataset?.name ?? null };
}

export function sparkOf({ spark }: TableRow): readonly number[] {
  return typeof spark === 'string' ? decodeSpark(spark) : spark;
}

/** `images · free`: what it is, without its seed. */
export function kindOf({ recipe }: Pick<TableRow, 'recipe'>): string {
  return `${recipe.experiment} · ${recipe.variant}`;
}

/** How people call it, by itself. */
export function titleOfRow(row: Pick<TableRow, 'name' | 'recipe' | 'seed'>): string {
  return row.name === '' ? `${kindOf(row)} · seed ${row.seed}` : row.name;
}

const texts = new WeakMap<TableRow, string>();

/** Everything that a word of the filter is looked for in, folded. */
export function searchText(row: TableRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const { id, name, note, group, recipe, backend, device, tags } = row;
    text = fold([id, name, note, group, recipe.experiment, recipe.variant, backend, device, ...tags].join('\n'));
    texts.set(row, text);
  }
  return text;
}

/** Alike in whatever capitals and accents it is written, as the host compares. */
export function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}
