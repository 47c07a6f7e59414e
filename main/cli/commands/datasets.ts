/** `datasets list|show|add|rm`: what can be trained on. */
import type { Dataset } from '../../../core/contract/api/lab.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { Context, SetupCommand } from '../context.ts';
import { layOutFacts } from '../facts.ts';
import { formatBytes, formatCount, formatPlural, formatTime } from '../format.ts';
import { resolveUserPath } from '../options.ts';
import { layOutTable, type Column } from '../table.ts';
import { waitForJob } from '../wait-for-job.ts';

interface AddOptions {
  readonly name?: string;
  readonly copy?: boolean;
  readonly inPlace?: boolean;
}

export const setupDatasets: SetupCommand = (program, context) => {
  const { output } = context;
  const command = program.command('datasets').description('the data sets: list, show, add, rm');
  command
    .command('list', { isDefault: true })
    .description('list them')
    .action(async () => {
      const { api } = await context.connect();
      const datasets = await api.datasets.list();
      if (output.json) output.value(datasets);
      else for (const line of layOutTable(datasets, columns, output.columns)) output.line(line);
    });
  command
    .command('show')
    .description('what is known of one')
    .argument('<dataset>', 'its name or id')
    .action(async (dataset: string) => {
      const { api } = await context.connect();
      show(context, await api.datasets.get({ dataset }));
    });
  command
    .command('add')
    .description('look through CIFAR-10, Omniglot or a folder of images, and add it to the lab')
    .argument('<path>', 'a folder or an archive')
    .option('--name <NAME>', 'what to call it')
    .option('--copy', 'keep a copy in the lab (default)')
    .option('--in-place', 'use it where it lies')
    .action(async (path: string, { name, copy = false, inPlace = false }: AddOptions) => {
      if (copy && inPlace) throw new InputError('options-exclusive', '--copy and --in-place exclude each other');
      const { api } = await context.connect();
      const place = inPlace ? 'in-place' : 'copy';
      const { job } = await api.datasets.add({ path: resolveUserPath(path), ...(name === undefined ? {} : { name }), place });
      const [dataset = ''] = await waitForJob(context, job);
      show(context, await api.datasets.get({ dataset }));
    });
  command
    .command('rm')
    .description('take one out of the lab; its copy is deleted, what lies elsewhere stays')
    .argument('<dataset>', 'its name or id')
    .action(async (dataset: string) => {
      const { api } = await context.connect();
      const result = await api.datasets.remove({ dataset });
      if (output.json) output.value(result);
      else output.line(`removed data set "${dataset}", ${formatBytes(result.freedBytes)} freed`);
    });
};

const columns: readonly Column<Dataset>[] = [
  { heading: 'name', cell: ({ name }) => name, minimum: 12 },
  { heading: 'format', cell: ({ description }) => description.format },
  { heading: 'images', cell: ({ description }) => formatCount(description.images), align: 'right' },
  { heading: 'pixels', cell: describePixels, align: 'right', dispensable: 2 },
  { heading: 'classes', cell: ({ description }) => formatCount(description.classes.length), align: 'right', dispensable: 3 },
  { heading: 'size', cell: ({ description }) => formatBytes(description.sizeBytes), align: 'right', dispensable: 1 },
  { heading: 'runs', cell: ({ runs }) => String(runs), align: 'right' },
  { heading: 'where', cell: ({ place, description }) => (place === 'in-place' ? (description.path ?? '') : place), minimum: 8 },
];

function describePixels({ description: { imageWidth, imageHeight, channels } }: Dataset): string {
  const size = imageWidth === null || imageHeight === null ? 'various' : `${imageWidth}×${imageHeight}`;
  return channels === 3 ? `${size} colour` : size;
}

function show({ output }: Context, dataset: Dataset): void {
  if (output.json) {
    output.value(dataset);
    return;
  }
  const { id, name, place, addedAtMs, description, thumbnails, runs } = dataset;
  const { format, path, sha256, sizeBytes, images, classes, trainingImages, evaluationImages, note, licence } = description;
  const facts: [name: string, text: string][] = [
    ['data set', `${name} (${id})`],
    ['format', `${format}, ${formatCount(images)} images, ${describePixels(dataset)}, ${formatBytes(sizeBytes)}`],
    ...(classes.length === 0 ? [] : [fact('classes', `${formatCount(classes.length)}: ${listSome(classes.map((found) => found.name))}`)]),
    ...(trainingImages === null || evaluationImages === null
      ? []
      : [fact('split', `${formatCount(trainingImages)} for training, ${formatCount(evaluationImages)} for evaluation`)]),
    ['note', note],
    ['licence', licence],
    ['where', path === null ? 'comes with Engram' : `${path} (${place})`],
    ['added', formatTime(addedAtMs)],
    ['used by', formatPlural(runs, 'run')],
    ['sha256', sha256],
    ...(thumbnails === null ? [] : [fact('samples', thumbnails)]),
  ];
  for (const line of layOutFacts(facts, output.columns)) output.line(line);
}

function fact(name: string, text: string): [name: string, text: string] {
  return [name, text];
}

function listSome(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 8).join(', ')} …`;
}
