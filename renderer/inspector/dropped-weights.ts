/** Files of arrays that are dropped onto Look inside; all others are for the window. */

/** The path of the one to open, which the event is then for; undefined: not ours. */
export function takeDroppedWeights(event: DragEvent): string | undefined {
  const file = [...(event.dataTransfer?.files ?? [])].find(({ name }) => /[.](safetensors|npz)$/i.test(name));
  const path = file === undefined ? '' : window.engram.pathOf(file);
  if (path === '') return undefined;
  event.preventDefault();
  return path;
}
