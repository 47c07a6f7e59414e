/** Reads the manifest of a run archive, which may come from anywhere. */
import { z } from 'zod';
import { archiveFormat, archiveManifestSchema, archiveVersion, type ArchiveManifest } from '../../core/contract/archive-manifest.ts';
import { InputError } from '../../core/contract/errors.ts';

const headSchema = z.looseObject({ format: z.literal(archiveFormat), version: z.int().min(1) });

/** @throws InputError `archive-version` when it was made by a newer Engram, or `archive-manifest`. */
export function readManifest(from: string, text: string): ArchiveManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError('archive-manifest', `${from} is not a valid run archive: its manifest is not JSON`, { cause: error });
  }
  const head = headSchema.safeParse(json).data;
  if (head !== undefined && head.version > archiveVersion) {
    throw new InputError(
      'archive-version',
      `${from} was made by a newer Engram (archive version ${head.version}; this one reads ${archiveVersion})`,
    );
  }
  const result = archiveManifestSchema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalid(from, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown reason'}`);
  }
  const manifest = result.data;
  const paths = new Set(manifest.files.map(({ path }) => path));
  if (paths.size < manifest.files.length) throw invalid(from, 'it names a file twice');
  if (!paths.has('spec.json')) throw invalid(from, 'it names no spec.json');
  return manifest;
}

function invalid(from: string, reason: string): InputError {
  return new InputError('archive-manifest', `${from} is not a valid run archive: its manifest is wrong: ${reason}`);
}
