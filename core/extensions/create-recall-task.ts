/** From a task in a file of the user's to what a recall training draws from; everything that the file gives is checked. */
import { InputError } from '../contract/errors.ts';
import type { ParameterValue } from '../contract/run-spec.ts';
import { checkProtocol, isFullyClamped, type Protocol } from '../plasticity/protocol.ts';
import { shuffledIndices } from '../random.ts';
import { drawPresentations, type RecallTask } from '../tasks/recall.ts';
import type { Episode, EpisodePlan, Task, TaskExtension } from './extension.ts';

export interface ExtensionRecallTask extends RecallTask {
  readonly inputs: number;
  readonly inputScale: number;
}

/** @throws InputError `extension-invalid` naming the rule and the value; so does `draw`. What the file itself throws is passed on. */
export function createExtensionTask(extension: TaskExtension, settings: Readonly<Record<string, ParameterValue>>): ExtensionRecallTask {
  const task = extension.create(settings, { shuffledIndices, drawPresentations });
  const { neurons, outputs, inputs = outputs, inputScale = 1, picture = { width: outputs, height: 1 } } = task;
  requireWhole('neurons', neurons, 2, 100_000);
  requireWhole('outputs', outputs, 1, neurons);
  requireWhole('inputs', inputs, 1, neurons);
  if (!Number.isFinite(inputScale)) refuse(`inputScale must be a number, not ${inputScale}`);
  if (picture.width * picture.height !== outputs)
    refuse(`picture must have as many places as there are outputs, ${outputs}, not ${picture.width} × ${picture.height}`);
  return {
    neurons,
    outputs,
    inputs,
    inputScale,
    picture,
    binary: false,
    score: (answer, target) => {
      const score = task.score(answer, target);
      if (!Number.isFinite(score)) refuse(`score must return a number, not ${String(score)}`);
      return score;
    },
    draw: (part, batch, protocols, patterns) => {
      const plan = task.drawPlan(protocols);
      const protocol = toProtocol(task, plan);
      const given = new Float32Array(protocol.givens * batch * neurons);
      const targets = new Float32Array(batch * outputs);
      let first: Episode | undefined;
      for (let episode = 0; episode < batch; episode++) {
        const drawn = task.drawEpisode(plan, patterns, part);
        first ??= drawn;
        if (drawn.vectors.length !== plan.vectors)
          refuse(`episodes must have the ${plan.vectors} vectors of its plan, not ${drawn.vectors.length}`);
        drawn.vectors.forEach((vector, row) => given.set(checked(`vector ${row}`, vector, neurons), (row * batch + episode) * neurons));
        targets.set(checked('target', drawn.target, outputs), episode * outputs);
      }
      const target = targets.slice(0, outputs);
      return {
        protocol,
        batch,
        given,
        targets,
        zeroLosses: Float64Array.from({ length: batch }, (_, at) => squares(targets.subarray(at * outputs, (at + 1) * outputs))),
        shown: (first?.shown ?? [target]).map((pattern) => checked('shown', pattern, outputs)),
        degraded: checked('degraded', first?.degraded ?? new Float32Array(outputs), outputs),
      };
    },
  };
}

/** @throws InputError `extension-invalid` where one of the judged neurons is none of an LSTM's: it has no unit for the last one, the bias. */
export function requireLstmOutputs({ neurons, outputs }: Pick<Task, 'neurons' | 'outputs'>): void {
  if (outputs < neurons) return;
  refuse(
    `outputs must be fewer than its ${neurons} neurons for the variant lstm, which has no unit for the last one, the bias; not ${outputs}`,
  );
}

function toProtocol({ neurons }: Task, plan: EpisodePlan): Protocol {
  if (!isList(plan.steps)) refuse('plan must have steps');
  const { steps, vectors } = plan;
  requireWhole('number of vectors', vectors, 1, 1_000_000);
  const protocol: Protocol = { neurons, givens: vectors, steps };
  checkProtocol(protocol);
  if (isFullyClamped(steps.at(-1)!)) refuse('last step must compute: the answer is read there');
  return protocol;
}

/** Whoever writes plain JavaScript may return anything. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}

/** A copy; its length and values are as they must be. */
function checked(what: string, values: ArrayLike<number>, length: number): Float32Array {
  if (values.length !== length) refuse(`${what} must have ${length} numbers, not ${values.length}`);
  const copy = Float32Array.from(values);
  const wrong = copy.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) refuse(`${what} must be numbers, and number ${wrong} is ${String(values[wrong])}`);
  return copy;
}

function requireWhole(what: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  refuse(`${what} must be a whole number from ${minimum} to ${maximum}, not ${String(value)}`);
}

function squares(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}

function refuse(rule: string): never {
  throw new InputError('extension-invalid', `the task's ${rule}`);
}
