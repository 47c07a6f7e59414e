/** Tries what a file of the user's exports: episodes are drawn, and derivatives by hand held against differences. */
import type { Extension } from '../contract/extension.ts';
import type { AnyExtension } from './extension.ts';
import { tryNetwork } from './try-network.ts';
import { tryRule } from './try-rule.ts';
import { tryTask } from './try-task.ts';

/** @throws InputError `extension-invalid` naming what is wrong; what the file itself throws. */
export async function tryExtension(exported: AnyExtension, description: Extension): Promise<void> {
  if (exported.kind === 'task' && description.kind === 'task') tryTask(exported, description);
  if (exported.kind === 'rule' && description.kind === 'rule') tryRule(exported, description);
  if (exported.kind === 'network' && description.kind === 'network') {
    // It brings a tensor library with it, which the other kinds need not wait for.
    const { createCpuBackend } = await import('../backend/cpu.ts');
    await tryNetwork(exported, description, createCpuBackend().operations);
  }
}
