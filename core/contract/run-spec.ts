/** What a run was asked to do: written as `spec.json` into its folder, checked whenever it is read. */
import { z } from 'zod';
import { extensionNamePattern, extensionSchema } from './extension.ts';

export const runSpecVersion = 1;

export const experimentNames = ['images', 'binary', 'omniglot', 'maze', 'cue-reward'] as const;
/** Those in which an agent acts and is rewarded; they compute on the processor, whatever the backend. */
export const agentExperiments: readonly string[] = ['maze', 'cue-reward'];
export const variantNames = ['free', 'yoked', 'non-plastic', 'lstm', 'modulated', 'retroactive'] as const;
export const backendChoices = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export const precisionNames = ['float32', 'mixed'] as const;

/** One that comes with Engram, or a task of the user's (`extensions` of the spec says which). */
export type ExperimentName = string;
/** `free`: one alpha a connection; `yoked`: one alpha for all; `non-plastic`: none; `modulated`, `retroactive`: free, and the network steers its plasticity. */
export type BuiltInVariant = (typeof variantNames)[number];
/** Or a network of the user's. */
export type VariantName = string;
export type BackendChoice = (typeof backendChoices)[number];
export type BackendName = Exclude<BackendChoice, 'auto'>;
/** `mixed`: matrix products in bfloat16 with float32 sums, where the hardware can. */
export type PrecisionName = (typeof precisionNames)[number];

/** The largest values that make sense; the rules themselves stand in the messages of `createRunSpec`. */
export const runLimits = { episodes: 1_000_000_000, batch: 1024, seed: Number.MAX_SAFE_INTEGER } as const;

export const runSpecSchema = z
  .strictObject({
    version: z.literal(runSpecVersion),
    experiment: z.string().regex(extensionNamePattern),
    variant: z.string().regex(extensionNamePattern),
    /** Every hyper-parameter of the experiment by name; names and ranges are checked by `core/experiments`. */
    parameters: z.record(z.string(), z.union([z.number(), z.string()])).readonly(),
    seed: z.int().min(0).max(runLimits.seed),
    /** Training episodes, not iterations. */
    episodes: z.int().min(1).max(runLimits.episodes),
    /** Episodes an iteration. */
    batch: z.int().min(1).max(runLimits.batch),
    backend: z.enum(backendChoices),
    /** The backend's own name of a device, where it has several. */
    device: z.string().min(1).exactOptional(),
    precision: z.enum(precisionNames),
    /** Absolute path; without it what comes with Engram for the experiment. */
    dataset: z.string().min(1).exactOptional(),
    /** What of the user's the run works with, and which code that was. */
    extensions: z.array(extensionSchema).min(1).max(3).readonly().exactOptional(),
  })
  .readonly();

export type RunSpec = z.infer<typeof runSpecSchema>;
export type ParameterValue = number | string;
