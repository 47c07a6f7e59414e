/** What a page may ask of the window it stands in, beyond the lab host: dialogs, files, preferences. Everything else goes to the host. */
import { z } from 'zod';

/** What a file dialog is for; each has its own title and filters. */
export const pickPurposes = ['dataset-file', 'dataset-folder', 'archive', 'export-folder', 'weights'] as const;
export type PickPurpose = (typeof pickPurposes)[number];

const mostSavedBytes = 256 * 2 ** 20;

/** Every request with its input; each is checked before it is heeded. */
export const windowRequests = {
  /** A path that the user chose, or null. */
  pick: z.strictObject({ purpose: z.enum(pickPurposes) }),
  /** Asks for a place and writes the bytes there; the path, or null. */
  save: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^/\\:*?"<>|]+$/, 'a file name, not a path'),
    bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= mostSavedBytes, 'at most 256 MB'),
  }),
  /** Shows a file or folder of the lab in the system's file manager. */
  reveal: z.strictObject({ path: z.string().min(1).max(4096) }),
  theme: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }),
  openWindow: z.strictObject({ route: z.string().max(10_000) }),
  about: z.undefined(),
} as const;

export type WindowRequest = keyof typeof windowRequests;
export type WindowInput<Name extends WindowRequest> = z.infer<(typeof windowRequests)[Name]>;

export interface WindowAnswers {
  readonly pick: string | null;
  readonly save: string | null;
  readonly reveal: null;
  readonly theme: null;
  readonly openWindow: null;
  readonly about: WindowAbout;
}

export interface WindowAbout {
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  readonly platform: string;
  readonly dataFolder: string;
  readonly theme: 'system' | 'light' | 'dark';
}

/** What the menu can ask of a page. */
export const menuCommands = [
  'new-run',
  'find',
  'palette',
  'shortcuts',
  'about',
  'import-dataset',
  'import-archive',
  'runs',
  'compare',
  'datasets',
  'queue',
  'system',
  'close-pane',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** Why there is no way to the host, as the window tells the page. */
export interface HostTrouble {
  readonly code: string;
  readonly message: string;
}

/** The one global of a page. */
export interface EngramWindow {
  ask<Name extends WindowRequest>(name: Name, input: WindowInput<Name>): Promise<WindowAnswers[Name]>;
  /** Asks for a way to the host: answered by a message `engram-port` to the page, with a port, or with a HostTrouble. */
  connect(): void;
  /** Where a dropped file lies. */
  pathOf(file: File): string;
  onMenu(listener: (command: MenuCommand) => void): () => void;
  onRoute(listener: (route: string) => void): () => void;
}
