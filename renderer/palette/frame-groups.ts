/** Headings of what can be done on every screen; they stand below those of the screen, in this order. */
export const groups = { files: 'Files', go: 'Go to', queue: 'Queue', window: 'Window', help: 'Help' } as const;

export const frameGroups: readonly string[] = Object.values(groups);
