/** What this machine's windows remember; nothing about runs. */
import { app } from 'electron';
import Conf from 'conf';
import { join } from 'node:path';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  window?: { x: number; y: number; width: number; height: number; maximized: boolean };
}

let opened: Conf<Preferences> | undefined;

export function preferences(): Conf<Preferences> {
  opened ??= new Conf<Preferences>({
    cwd: join(app.getPath('userData')),
    configName: 'preferences',
    clearInvalidConfig: true,
    defaults: { theme: 'system' },
    schema: {
      theme: { type: 'string', enum: ['system', 'light', 'dark'] },
      window: {
        type: 'object',
        properties: {
          x: { type: 'number' },
          y: { type: 'number' },
          width: { type: 'number', minimum: 200 },
          height: { type: 'number', minimum: 200 },
          maximized: { type: 'boolean' },
        },
        required: ['x', 'y', 'width', 'height', 'maximized'],
      },
    },
  });
  return opened;
}
