"""A small plastic recurrent network in PyTorch, forward and backward: what Engram's fused kernel is measured against. Not a part of the product.

From the equations of arXiv 1804.02464 (Miconi, Stanley, Clune 2018), all matrices [pre, post], one trace an episode:

    y(t)      = tanh(drive(t) + y(t-1) (w + alpha * hebb(t)))
    hebb(t+1) = (1 - eta) hebb(t) + eta y(t-1)^T y(t)

A batch of episodes at once, float32, autograd through all steps, all cores. The loss is the sum of dy(t) * y(t) with a given dy.

Its arguments are the file of numbers that all contenders read (w, alpha, drives [B, T, N], dy [B, T, N], float32), neurons, steps, batch and eta. It
reads requests from standard input, one JSON object a line: {"do": "run", "count": 3}, and answers with as many lines {"seconds", "loss",
"gradientNorm", "peakRssBytes"}, one an iteration.
"""

import json
import os
import sys
import time

import torch


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    path, neurons, steps, batch, eta = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5])
    matrix, vectors = neurons * neurons, batch * steps * neurons
    numbers = torch.from_file(path, size=2 * matrix + 2 * vectors, dtype=torch.float32)
    w, alpha, drives, dy = numbers.split([matrix, matrix, vectors, vectors])
    w = w.view(neurons, neurons).clone().requires_grad_()
    alpha = alpha.view(neurons, neurons).clone().requires_grad_()
    eta = torch.tensor(eta).requires_grad_()
    # Steps first, so that those of a batch lie together.
    drives = drives.view(batch, steps, neurons).transpose(0, 1).contiguous().requires_grad_()
    dy = dy.view(batch, steps, neurons).transpose(0, 1).contiguous()
    say({"ready": True, "version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        for _ in range(request["count"]):
            for parameter in (w, alpha, eta, drives):
                parameter.grad = None
            started = time.perf_counter()
            loss = (run(w, alpha, eta, drives) * dy).sum()
            loss.backward()
            seconds = time.perf_counter() - started
            norm = torch.sqrt(w.grad.square().sum() + alpha.grad.square().sum() + eta.grad.square())
            say({"seconds": seconds, "loss": loss.item(), "gradientNorm": norm.item(), "peakRssBytes": peak_rss_bytes()})


def run(w, alpha, eta, drives):
    steps, batch, neurons = drives.shape
    y = torch.zeros(batch, neurons)
    hebb = torch.zeros(batch, neurons, neurons)
    ys = []
    for t in range(steps):
        recurrent = torch.bmm(y[:, None, :], w + alpha * hebb)[:, 0]
        now = torch.tanh(drives[t] + recurrent)
        if t < steps - 1:
            hebb = (1 - eta) * hebb + eta * torch.bmm(y[:, :, None], now[:, None, :])
        y = now
        ys.append(y)
    return torch.stack(ys)


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
