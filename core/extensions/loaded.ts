/** The code of extensions, in a process that may run it. */
import type { NetworkExtension, RuleExtension, TaskExtension } from './extension.ts';

/** What a run works with of the user's; undefined where it is Engram's own. */
export interface LoadedExtensions {
  readonly task?: TaskExtension;
  readonly rule?: RuleExtension;
  readonly network?: NetworkExtension;
}
