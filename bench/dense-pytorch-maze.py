"""The grid maze with a plastic recurrent network and actor-critic in PyTorch: what Engram is measured against. Not a part of the product.

From the equations of arXiv 1804.02464 (Miconi, Stanley, Clune 2018), all matrices [pre, post], one trace an episode:

    y(t)      = tanh(x(t) U + y(t-1) (w + alpha * hebb(t)))
    hebb(t+1) = (1 - eta) hebb(t) + eta y(t-1)^T y(t)

A batch of episodes at once, float32, autograd through all 250 steps, Adam, all cores. The maze itself is a few operations on tensors.

Its argument is the batch. It reads requests from standard input, one JSON object a line: {"do": "run", "count": 3}, and answers with as many lines
{"seconds", "loss", "peakRssBytes"}, one a training iteration.
"""

import json
import os
import sys
import time

import torch

SIZE = 9
STEPS = 250
NEURONS = 100
INPUTS = 12
ACTIONS = 4
REWARD = 10.0
WALL = -0.1
GAMMA = 0.9
VALUE_WEIGHT = 0.03
ENTROPY_WEIGHT = 0.03


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    parameters = {
        "u": (torch.rand(INPUTS, NEURONS) - 0.5).requires_grad_(),
        "w": (0.001 * torch.randn(NEURONS, NEURONS)).requires_grad_(),
        "alpha": (0.001 * torch.randn(NEURONS, NEURONS)).requires_grad_(),
        "eta": torch.tensor(0.1).requires_grad_(),
        "policy": (0.1 * torch.randn(NEURONS, ACTIONS)).requires_grad_(),
        "value": (0.1 * torch.randn(NEURONS, 1)).requires_grad_(),
    }
    optimiser = torch.optim.Adam(parameters.values(), lr=5e-4)
    batch = int(sys.argv[1])
    say({"ready": True, "version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        for _ in range(request["count"]):
            started = time.perf_counter()
            loss = train(parameters, optimiser, batch)
            say({"seconds": time.perf_counter() - started, "loss": loss, "peakRssBytes": peak_rss_bytes()})


WALLS = torch.zeros(SIZE, SIZE, dtype=torch.bool)
WALLS[0], WALLS[-1], WALLS[:, 0], WALLS[:, -1] = True, True, True, True
WALLS[::2, ::2] = True
FREE = (~WALLS).nonzero()
MOVES = torch.tensor([[-1, 0], [0, 1], [1, 0], [0, -1]])
AROUND = torch.tensor([[row, column] for row in (-1, 0, 1) for column in (-1, 0, 1)])


def train(parameters, optimiser, batch):
    rewards, log_chances, values, entropies = run(**parameters, batch=batch)
    to_come = torch.zeros(batch)
    loss = torch.zeros(())
    for t in reversed(range(STEPS)):
        to_come = rewards[t] + GAMMA * to_come
        advantage = to_come - values[t]
        step = -log_chances[t] * advantage.detach() + VALUE_WEIGHT * advantage**2 - ENTROPY_WEIGHT * entropies[t]
        loss = loss + step.sum() / batch
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def run(u, w, alpha, eta, policy, value, batch):
    y = torch.zeros(batch, NEURONS)
    hebb = torch.zeros(batch, NEURONS, NEURONS)
    goal = draw_places(batch)
    place = draw_places(batch)
    last_reward = torch.zeros(batch)
    rewards, log_chances, values, entropies = [], [], [], []
    for t in range(STEPS):
        cells = place[:, None, :] + AROUND[None]
        seen = WALLS[cells[..., 0], cells[..., 1]].float()
        time_and_bias = torch.tensor([t / STEPS, 1.0]).expand(batch, 2)
        x = torch.cat([seen, last_reward[:, None], time_and_bias], dim=1)
        recurrent = torch.bmm(y[:, None, :], w + alpha * hebb)[:, 0]
        now = torch.tanh(x @ u + recurrent)
        if t < STEPS - 1:
            hebb = (1 - eta) * hebb + eta * torch.bmm(y[:, :, None], now[:, None, :])
        y = now
        log_all = torch.log_softmax(y @ policy, dim=1)
        chances = log_all.exp()
        action = torch.multinomial(chances.detach(), 1)[:, 0]
        log_chances.append(log_all[torch.arange(batch), action])
        entropies.append(-(chances * log_all).sum(dim=1))
        values.append((y @ value)[:, 0])
        wanted = place + MOVES[action]
        blocked = WALLS[wanted[:, 0], wanted[:, 1]]
        found = (wanted == goal).all(dim=1)
        last_reward = WALL * blocked.float() + REWARD * found.float()
        place = torch.where(blocked[:, None], place, torch.where(found[:, None], draw_places(batch), wanted))
        rewards.append(last_reward)
    return rewards, log_chances, values, entropies


def draw_places(batch):
    return FREE[torch.randint(len(FREE), (batch,))]


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
