/** In what the recipes of runs differ. */
import type { RunRecipe } from '../../core/contract/api/run-table.ts';
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
  { name: 'dataset', title: 'Data set', read: ({ dataset }) => dataset?.split(/[\\/]/).at(-1) ?? 'photographs' },
];

/** Those parts that are not the same in all of them. */
export function differencesOf(rows: readonly Pick<TableRow, 'recipe'>[]): RecipePart[] {
  const recipes = [...new Set(rows.map(({ recipe }) => recipe))];
  const names = new Set(recipes.flatMap(({ parameters }) => Object.keys(parameters)));
  const parameters = [...names].map((name): RecipePart => ({
    name,
    title: sayName(name),
    read: (recipe) => sayValue(recipe.parameters[name]),
  }));
  return [...general, ...parameters].filter(({ read }) => recipes.some((recipe) => read(recipe) !== read(recipes[0]!)));
}

/** What these rows have of a part: one value, or several. */
export function readPart(part: RecipePart, rows: readonly Pick<TableRow, 'recipe'>[]): string {
  return [...new Set(rows.map(({ recipe }) => part.read(recipe)))].join(', ');
}
