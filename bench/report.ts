/** The results as text, as Markdown, and into a file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatBytes, formatTable } from '../main/cli/format.ts';
import type { Machine } from './machine.ts';
import type { Row } from './table.ts';

export interface Results {
  readonly atMs: number;
  readonly machine: Machine;
  /** Versions and devices, in words. */
  readonly software: readonly string[];
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** What a reader must know besides: contenders that were absent, a machine that was not quiet. */
  readonly remarks: readonly string[];
}

const headings = [
  'form',
  'backend',
  'precision',
  'batch',
  'ms / iteration',
  'episodes / s',
  '× dense PyTorch',
  'peak memory',
  'GFLOP / iteration',
  'product GFLOP/s',
  'share',
];

export function describeText(results: Results): string[] {
  return [...describeRun(results), '', ...formatTable([headings, ...results.rows.map(cells)]), '', ...results.remarks];
}

export function describeMarkdown(results: Results): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const table = [line(headings), line(headings.map(() => '---')), ...results.rows.map((row) => line(cells(row)))];
  const remarks = results.remarks.length > 0 ? ['', ...results.remarks.map((remark) => `- ${remark}`)] : [];
  return [...describeRun(results).map((text) => `${text}  `), '', ...table, ...remarks].join('\n');
}

/** Rows of what, measured, target, under the conditions of the run. */
export function asMarkdown(conditions: string, rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [conditions, '', line(['what', 'measured', 'target']), line(['---', '---', '---']), ...rows.map(line)].join('\n');
}

/** Writes Markdown into `file`: between the marks of this name where it has them, else as the whole file. */
export function writeMarkdown(file: string, markdown: string, name = 'bench'): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  const marked = `${begin}\n${markdown}\n${end}`;
  writeFileSync(file, from >= 0 && to > from ? old.slice(0, from) + marked + old.slice(to + end.length) : `${marked}\n`);
}

function describeRun({ atMs, machine, software, rounds }: Results): string[] {
  const { cpu, cores, memoryBytes, features, system, node } = machine;
  const flags = features.length > 0 ? `, ${features.join(' ')}` : '';
  return [
    `${new Date(atMs).toISOString().slice(0, 10)} · ${cpu}, ${cores} cores, ${formatBytes(memoryBytes)}${flags}, ${system}`,
    `Node ${node}, ${software.join(', ')}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`,
  ];
}

function cells(row: Row): string[] {
  const { ratio, peakRssBytes, usefulFlops, productGigaflops, share } = row;
  const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const some = (value: number | undefined, format: (value: number) => string) => (value === undefined ? '–' : format(value));
  return [
    row.form,
    row.backend,
    row.precision,
    String(row.batch),
    digits(row.secondsAnIteration * 1e3),
    digits(row.episodesPerSecond),
    ratio === undefined ? '–' : `${digits(ratio.median)} (${digits(ratio.minimum)} to ${digits(ratio.maximum)})`,
    some(peakRssBytes, formatBytes),
    some(usefulFlops, (flops) => digits(flops / 1e9)),
    some(productGigaflops, digits),
    some(share, (part) => `${(part * 100).toFixed(0)} %`),
  ];
}
