/** How far an export or an import is. */

export interface ArchiveProgress {
  readonly phase: 'reading' | 'packing' | 'unpacking';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** A function that takes the bytes of each piece and reports their sum. */
export function countBytes(
  phase: ArchiveProgress['phase'],
  totalBytes: number,
  onProgress: ((progress: ArchiveProgress) => void) | undefined,
): (bytes: number) => void {
  let doneBytes = 0;
  return (bytes) => {
    doneBytes += bytes;
    onProgress?.({ phase, doneBytes, totalBytes });
  };
}
