/** The matrices that are shown side by side. */
export const panels = [
  { name: 'w', label: 'w', meaning: 'baseline weights' },
  { name: 'alpha', label: 'α', meaning: 'plasticity coefficients' },
  { name: 'hebb', label: 'hebb(t)', meaning: 'the Hebbian trace that this step meets' },
  { name: 'plastic', label: 'α ∘ hebb(t)', meaning: 'the plastic part of the connections' },
  { name: 'total', label: 'w + α ∘ hebb(t)', meaning: 'the connections as they are at this step' },
] as const;

export type PanelName = (typeof panels)[number]['name'];

/** Which part of the matrices is seen, in cells; all panels share it. */
export interface MatrixView {
  readonly x: number;
  readonly y: number;
  readonly extent: number;
}

const fewestCells = 8;

/** Zooms around a place of the panel (shares of its width and height). */
export function zoomed(view: MatrixView, factor: number, across: number, down: number, neurons: number): MatrixView {
  const extent = Math.min(neurons, Math.max(Math.min(fewestCells, neurons), view.extent * factor));
  return moved({ x: view.x + across * (view.extent - extent), y: view.y + down * (view.extent - extent), extent }, 0, 0, neurons);
}

/** What is seen of a matrix of this size; everything without. */
export function fitted(view: MatrixView | undefined, neurons: number): MatrixView {
  if (view === undefined) return { x: 0, y: 0, extent: neurons };
  return moved({ ...view, extent: Math.min(neurons, view.extent) }, 0, 0, neurons);
}

/** Moves by cells, and stays inside. */
export function moved({ x, y, extent }: MatrixView, across: number, down: number, neurons: number): MatrixView {
  const inside = (value: number) => Math.min(Math.max(0, value), neurons - extent);
  return { x: inside(x + across), y: inside(y + down), extent };
}

/** As the address holds it: the left and the upper edge, and how many cells are seen. */
export function writeView(view: MatrixView | undefined): string | null {
  return view === undefined ? null : [view.x, view.y, view.extent].map((cells) => Number(cells.toFixed(2))).join(',');
}

/** Undefined for everything, and for what is no such text. */
export function readView(text: string | null): MatrixView | undefined {
  const [x, y, extent, ...more] = (text ?? '').split(',').map(Number);
  if (more.length > 0 || ![x, y, extent].every(Number.isFinite) || extent! <= 0) return undefined;
  return { x: x!, y: y!, extent: extent! };
}
