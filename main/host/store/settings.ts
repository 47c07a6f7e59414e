/** The lab's settings. */
import { settingsSchema, type Settings } from '../../../core/contract/api/lab.ts';
import type { LabDatabase } from './database-types.ts';

export const defaultSettings: Settings = {
  gpuSlots: 1,
  cpuSlots: 1,
  queueHeld: false,
  resumeInterrupted: false,
  minimumFreeBytes: 1e9,
  checkpointsOfFinished: 2,
};

/** What was set, and defaults for the rest; a value that does not keep to the rules counts as not set. */
export function readSettings(lab: LabDatabase): Settings {
  const settings: Record<string, unknown> = { ...defaultSettings };
  const rows = lab.prepare<{ name: string; value: string }>('SELECT name, value FROM settings').all();
  for (const { name, value } of rows) {
    if (!(name in defaultSettings)) continue;
    const changed = { ...settings, [name]: parse(value) };
    if (settingsSchema.safeParse(changed).success) settings[name] = changed[name];
  }
  return settingsSchema.parse(settings);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Changes some, which the caller has checked, and gives all. */
export function changeSettings(lab: LabDatabase, changes: Partial<Settings>): Settings {
  return lab.transaction(() => {
    for (const [name, value] of Object.entries(changes)) {
      lab
        .prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
        .run(name, JSON.stringify(value));
    }
    return readSettings(lab);
  });
}
