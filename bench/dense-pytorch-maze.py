"""The grid maze with a plastic recurrent network and actor-critic in PyTorch: what Engram is measured against. Not a part of the product.

From the equations of arXiv 1804.02464 (Miconi, Stanley, Clune 2018), w, alpha and hebb [pre, post], one trace an episode:

    y(t)      = tanh(input(x(t)) + y(t-1) (w + alpha * hebb(t)))
    hebb(t+1) = hebb(t) + eta y(t) * (y(t-1)^T - y(t) * hebb(t))                      (Oja)

Everything has the values of Engram's preset, the variant "free". A batch of episodes at once, float32, autograd through all 250 steps, Adam, all
cores. The maze itself is a few operations on tensors.

Its argument is the batch. It reads requests from standard input, one JSON object a line: {"do": "run", "count": 3}, and answers with as many lines
{"seconds", "loss", "peakRssBytes"}, one a training iteration.
"""

import json
import os
import sys
import time

import torch
from torch import nn

SIZE = 9
STEPS = 250
REWARD = 10.0
WALL_PENALTY = 0.1
NEURONS = 100
INPUTS = 12
ACTIONS = 4
INITIAL_SCALE = 0.01
INITIAL_ETA = 0.01
GAMMA = 0.9
VALUE_WEIGHT = 0.03
CONCENTRATION_WEIGHT = 0.1
LEARNING_RATE = 3e-4
GRADIENT_CLIP = 10.0

# A place is one number, row * ACROSS + column: SIZE counts the cells between the walls around, which are there, too.
ACROSS = SIZE + 2
GRID = torch.zeros(ACROSS, ACROSS, dtype=torch.bool)
GRID[0], GRID[-1], GRID[:, 0], GRID[:, -1] = True, True, True, True
GRID[::2, ::2] = True
WALLS = GRID.flatten()
FREE = (~WALLS).nonzero()[:, 0]
UP_RIGHT_DOWN_LEFT = torch.tensor([-ACROSS, 1, ACROSS, -1])
AROUND = torch.tensor([row * ACROSS + column for row in (-1, 0, 1) for column in (-1, 0, 1)])


class Maze:
    """A batch of episodes, each with a goal of its own."""

    def __init__(self, batch):
        self.goal = FREE[torch.randint(len(FREE), (batch,))]
        self.place = self.draw_places()
        self.last_reward = torch.zeros(batch)
        self.time = 0

    def draw_places(self):
        """Free places, but none its episode's goal: where that is drawn, the last free one, which is not drawn itself, takes its turn."""
        drawn = FREE[torch.randint(len(FREE) - 1, self.goal.shape)]
        return torch.where(drawn == self.goal, FREE[-1], drawn)

    def observe(self):
        seen = WALLS[self.place[:, None] + AROUND].float()
        time_and_bias = torch.tensor([self.time / STEPS, 1.0]).expand(len(seen), 2)
        return torch.cat([seen, self.last_reward[:, None], time_and_bias], dim=1)

    def act(self, action):
        wanted = self.place + UP_RIGHT_DOWN_LEFT[action]
        blocked = WALLS[wanted]
        found = wanted == self.goal
        self.place = torch.where(blocked, self.place, torch.where(found, self.draw_places(), wanted))
        self.last_reward = REWARD * found - WALL_PENALTY * blocked
        self.time += 1
        return self.last_reward


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        # As PyTorch's linear layers begin, so do Engram's: uniform within 1 / sqrt(what a unit sees). Only its biases begin at 0.
        self.input = nn.Linear(INPUTS, NEURONS, bias=False)
        self.policy = nn.Linear(NEURONS, ACTIONS)
        self.value = nn.Linear(NEURONS, 1)
        nn.init.zeros_(self.policy.bias)
        nn.init.zeros_(self.value.bias)
        self.w = nn.Parameter(INITIAL_SCALE * torch.randn(NEURONS, NEURONS))
        self.alpha = nn.Parameter(INITIAL_SCALE * torch.randn(NEURONS, NEURONS))
        self.eta = nn.Parameter(torch.tensor(INITIAL_ETA))

    def activate(self, x, before, hebb):
        recurrent = torch.bmm(before[:, None, :], self.w + self.alpha * hebb)[:, 0]
        return torch.tanh(self.input(x) + recurrent)

    def learn(self, before, y, hebb):
        pre, post = before[:, :, None], y[:, None, :]
        return hebb + self.eta * post * (pre - post * hebb)


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    network = Network()
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    batch = int(sys.argv[1])
    say({"ready": True, "version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        for _ in range(request["count"]):
            started = time.perf_counter()
            loss = train(network, optimiser, batch)
            say({"seconds": time.perf_counter() - started, "loss": loss, "peakRssBytes": peak_rss_bytes()})


def train(network, optimiser, batch):
    loss = actor_critic_loss(*run(network, batch))
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_CLIP)
    optimiser.step()
    return loss.item()


def run(network, batch):
    """The episodes as they went: logits [steps, batch, actions]; values, actions and rewards [steps, batch]."""
    maze = Maze(batch)
    y = torch.zeros(batch, NEURONS)
    hebb = torch.zeros(batch, NEURONS, NEURONS)
    ys, logits, actions, rewards = [], [], [], []
    for t in range(STEPS):
        before, y = y, network.activate(maze.observe(), y, hebb)
        # Nobody meets the trace that the last step would leave behind.
        if t < STEPS - 1:
            hebb = network.learn(before, y, hebb)
        ys.append(y)
        logits.append(network.policy(y))
        actions.append(torch.multinomial(torch.softmax(logits[t].detach(), dim=1), 1)[:, 0])
        rewards.append(maze.act(actions[t]))
    # No step waits for the values: those of all steps in one product.
    values = network.value(torch.stack(ys))[:, :, 0]
    return torch.stack(logits), values, torch.stack(actions), torch.stack(rewards)


def actor_critic_loss(logits, values, actions, rewards):
    """The sum over an episode's steps, the mean over the batch."""
    to_come = torch.zeros_like(rewards)
    to_come[-1] = rewards[-1]
    for t in reversed(range(STEPS - 1)):
        to_come[t] = rewards[t] + GAMMA * to_come[t + 1]
    advantage = to_come - values
    log_chances = torch.log_softmax(logits, dim=2)
    log_chosen = log_chances.gather(2, actions[:, :, None])[:, :, 0]
    # The sum of the squared chances, in place of an entropy: it is to stay low, so that the agent keeps trying.
    concentration = log_chances.exp().square().sum(dim=2)
    losses = -log_chosen * advantage.detach() + VALUE_WEIGHT * advantage.square() + CONCENTRATION_WEIGHT * concentration
    return losses.sum(dim=0).mean()


def peak_rss_bytes():
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def say(message):
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
