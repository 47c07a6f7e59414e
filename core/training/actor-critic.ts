/** Advantage actor-critic over whole episodes (Mnih et al. 2016, arXiv 1602.01783), as arXiv 1804.02464, section 4.4 uses it. */
import type { AgentTrajectory, HeadGradients } from '../networks/agent.ts';

export interface ActorCriticOptions {
  /** Discount of a reward a step later. */
  readonly gamma: number;
  /** Weight of the squared error of the estimated rewards. */
  readonly valueWeight: number;
  /** Weight of the policy's concentration, the sum of its squared chances, which is to stay low: the published code's way to keep the agent trying. */
  readonly concentrationWeight: number;
}

export interface EpisodeLoss {
  /** Σ over steps of -log π(a) A + valueWeight (R - V)² + concentrationWeight Σ π², with A = R - V taken as given. */
  readonly loss: number;
  /** Of the policy, in nats: the mean over steps. */
  readonly entropy: number;
  readonly gradients: HeadGradients;
}

/** R(t) = r(t) + gamma R(t+1); nothing comes after the last step. @param share multiplies the gradients: 1 / B for a mean over the batch. */
export function actorCriticLoss(
  { steps, probabilities, values, actions, rewards }: Omit<AgentTrajectory, 'x' | 'y' | 'modulators'>,
  { gamma, valueWeight, concentrationWeight }: ActorCriticOptions,
  share: number,
): EpisodeLoss {
  const choices = probabilities.length / steps;
  const gradients = { logits: new Float64Array(probabilities.length), values: new Float64Array(steps) };
  let [loss, entropies, toCome] = [0, 0, 0];
  for (let t = steps - 1; t >= 0; t--) {
    toCome = rewards[t]! + gamma * toCome;
    const advantage = toCome - values[t]!;
    const chances = probabilities.subarray(t * choices, (t + 1) * choices);
    const concentration = chances.reduce((sum, chance) => sum + chance ** 2, 0);
    loss += -logOf(chances[actions[t]!]!) * advantage + valueWeight * advantage ** 2 + concentrationWeight * concentration;
    entropies -= chances.reduce((sum, chance) => sum + chance * logOf(chance), 0);
    gradients.values[t] = -2 * share * valueWeight * advantage;
    for (let k = 0; k < choices; k++) {
      const chosen = k === actions[t] ? 1 : 0;
      const toPolicy = advantage * (chances[k]! - chosen);
      const toSpread = 2 * concentrationWeight * chances[k]! * (chances[k]! - concentration);
      gradients.logits[t * choices + k] = share * (toPolicy + toSpread);
    }
  }
  return { loss, entropy: entropies / steps, gradients };
}

/** Of chances that have vanished, a finite one. */
const logOf = (chance: number) => Math.log(Math.max(chance, 1e-300));
