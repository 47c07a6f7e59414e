/** Hands bytes to the system's own question where to save them. */
import { attempt, tell } from './tell.ts';

/** @param failed what is said where it fails: "The chart was not saved". */
export async function saveFile(name: string, make: () => Promise<Uint8Array>, failed: string): Promise<void> {
  await attempt(async () => {
    const bytes = new Uint8Array(await make());
    const path = await window.engram.ask('save', { name: safeName(name), bytes });
    if (path !== null) tell(`Saved ${path}`);
  }, failed);
}

/** Without what some systems do not allow in a file's name. */
function safeName(name: string): string {
  return name.replace(/[/\\:*?"<>|]+/g, '-').slice(-200);
}
