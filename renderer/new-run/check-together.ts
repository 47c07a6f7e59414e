/** Rules that more than one field has to obey together: each is told at the field that is easier to mend. */
import type { DataKind } from '../../core/contract/dataset-description.ts';
import { parseNumber } from '../../core/contract/numbers.ts';
import { choices } from './lab-choices.svelte.ts';

export function checkTogether(data: DataKind, value: (key: string) => string): [string, string][] {
  const found: [string, string][] = [];
  const backend = value('backend');
  if (value('precision') === 'mixed' && !['auto', 'tensorflow'].includes(backend)) {
    found.push(['precision', `float32: ${backend} always computes in it`]);
  }
  if (value('device') !== '' && backend === 'auto') found.push(['device', 'only for a backend that is chosen by name']);
  const report = choices.reports.find(({ name }) => name === backend);
  if (report?.works === false) found.push(['backend', `one that works here: ${report.reason ?? 'this one does not'}`]);
  const dataset = choices.datasetsFor(data).find(({ description }) => (description.path ?? '') === value('dataset'));
  const { imageWidth, imageHeight } = dataset?.description ?? {};
  const size = parseNumber(value('imageSize').trim());
  if (size !== undefined && imageWidth && imageHeight && size > Math.min(imageWidth, imageHeight)) {
    found.push([
      'imageSize',
      `at most ${Math.min(imageWidth, imageHeight)}: the images of ${dataset?.name ?? 'this data set'} have no more`,
    ]);
  }
  return found;
}
