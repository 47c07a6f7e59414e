/** In what the recipes of runs differ. */
import type { RunRecipe } from '../../core/contract/api/run-table.ts';
import { experiments } from '../experiments.svelte.ts';
import { sayName, sayValue } from '../run/configuration.ts';
import type { TableRow } from '../runs/row.ts';

export interface RecipePart {
  readonly name: string;
  readonly title: string;
  read(recipe: RunRecipe): string;
}

const general: readonly RecipePart[] = [
  { name: 'experiment', title: 'Experiment', read: ({ experiment }) => experiment },
  { name: 'variant', title: 'Variant', read: ({ variant }) => variant },
  { name: 'episodes', title: 'Episodes', read: ({ episodes }) => sayValue(episodes) },
  { name: 'batch', title: 'Batch', read: ({ batch }) => sayValue(batch) },
  { name: 'precision', title: 'Precision', read: ({ precision }) => precision },
  { name: 'backend', title: 'Backend', read: ({ backend }) => backend },
  { name: 'device', title: 'Device', read: ({ device }) => device ?? '–' },
  {
    name: 'dataset',
    title: 'Data set',
    read: ({ dataset, experiment }) => dataset?.split(/[\\/]/).at(-1) ?? experiments.usualDataset(experiment) ?? '–',
  },
];

/** Those parts that are not the same in all of them; a parameter that only some have is compared among these. */
export function differencesOf(rows: readonly Pick<TableRow, 'recipe'>[]): RecipePart[] {
  const recipes = [...new Set(rows.map(({ recipe }) => recipe))];
  const names = new Set(recipes.flatMap(({ parameters }) => Object.keys(parameters)));
  const parameters = [...names].map((name): RecipePart => ({
    name,
    title: sayName(name),
    read: (recipe) => sayValue(recipe.parameters[name]),
  }));
  const differs = ({ read }: RecipePart, among: readonly RunRecipe[]) => among.some((recipe) => read(recipe) !== read(among[0]!));
  return [
    ...general.filter((part) => differs(part, recipes)),
    ...parameters.filter((part) =>
      differs(
        part,
        recipes.filter(({ parameters: own }) => part.name in own),
      ),
    ),
  ];
}

/** What these rows have of a part: one value, or several. */
export function readPart(part: RecipePart, rows: readonly Pick<TableRow, 'recipe'>[]): string {
  return [...new Set(rows.map(({ recipe }) => part.read(recipe)))].join(', ');
}
