/** In which forms runs leave the lab. */
import { archiveSuffix } from '../../core/contract/archive-manifest.ts';
import type { exportFormats } from '../../core/contract/api/lab.ts';
import type { TableRow } from './row.ts';

export type ExportFormat = (typeof exportFormats)[number];

export const exportFormatLooks: readonly { readonly format: ExportFormat; readonly title: string; readonly meaning: string }[] = [
  { format: 'csv', title: 'CSV', meaning: 'metrics as a table, a line an iteration' },
  { format: 'jsonl', title: 'JSON Lines', meaning: 'metrics, one object an iteration' },
  { format: 'safetensors', title: 'safetensors', meaning: 'arrays of the newest checkpoint' },
  { format: 'npz', title: 'npz', meaning: 'the same arrays, for NumPy' },
  { format: 'archive', title: 'Archive', meaning: 'whole runs, for another Engram' },
];

/** Whether it becomes one file or a folder of them, and what the file is called. */
export function describeTarget(format: ExportFormat, rows: readonly TableRow[]): { isFolder: boolean; name: string } {
  const stem = rows.length === 1 ? rows[0]!.id : `${rows.length}-runs`;
  if (format === 'csv' || format === 'jsonl') return { isFolder: false, name: `${stem}.${format}` };
  if (format === 'archive' && rows.length === 1) return { isFolder: false, name: `${stem}${archiveSuffix}` };
  return { isFolder: true, name: '' };
}

/** With the sign that the folder itself uses. */
export function joinPath(folder: string, name: string): string {
  const sign = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(sign) ? `${folder}${name}` : `${folder}${sign}${name}`;
}
