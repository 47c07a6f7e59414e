/** The first member of a run archive: what was exported, and every file that follows. */
import { z } from 'zod';
import { evaluationSchema } from './evaluation.ts';
import { runAboutSchema } from './run-about.ts';
import { mostTried, triedSchema } from './tried.ts';

export const archiveFormat = 'engram-run-archive';
export const archiveVersion = 1;
/** How the names of archives end. */
export const archiveSuffix = '.engram.tar.gz';
/** Of a run. */
export const mostTags = 50;
export const manifestName = 'engram-archive.json';

/** Within the limits of what people can say. */
const archivedAboutSchema = runAboutSchema.extend({
  name: z.string().max(200),
  note: z.string().max(100_000),
  group: z.string().max(200),
  tags: z.array(z.string().min(1).max(60)).max(mostTags).readonly(),
  tried: z.array(triedSchema).max(mostTried).readonly().exactOptional(),
  evaluated: z.array(evaluationSchema).max(10_000).readonly().exactOptional(),
});

export type ArchivedAbout = Readonly<z.infer<typeof archivedAboutSchema>>;

/** A run's id is the name of its folder, on any system. */
const runIdSchema = z
  .string()
  .max(150)
  .regex(/^\w(?:[\w.-]*[\w-])?$/, 'a run is called by letters, digits, _, - and .');

/** The files of a run folder that tell of the run; not what tells of a process that works there (`trainer.lock`, `stop`). */
const archivedPathSchema = z
  .string()
  .max(150)
  .regex(
    /^(?:spec\.json|journal|trainer\.log|[a-z0-9-]+\.png|checkpoints\/\d{9,15}(?:\.weights)?\.safetensors|pictures\/\d{9,15}\.png)$/,
    'not a file of a run',
  );

const archivedFileSchema = z.strictObject({
  /** Relative to the run folder, with `/`. */
  path: archivedPathSchema,
  bytes: z.int().min(0),
  /** Of the whole file, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type ArchivedFile = Readonly<z.infer<typeof archivedFileSchema>>;

export const archiveManifestSchema = z
  .strictObject({
    format: z.literal(archiveFormat),
    version: z.literal(archiveVersion),
    exportedAtMs: z.int(),
    /** The version that wrote it, for people. */
    engramVersion: z.string().max(100),
    id: runIdSchema,
    about: archivedAboutSchema,
    /** In the archive's order. */
    files: z.array(archivedFileSchema).max(10_000).readonly(),
  })
  .readonly();

export type ArchiveManifest = z.infer<typeof archiveManifestSchema>;

/** Whether a file of a run folder belongs into its archive. */
export function isArchivedPath(path: string): boolean {
  return archivedPathSchema.safeParse(path).success;
}
