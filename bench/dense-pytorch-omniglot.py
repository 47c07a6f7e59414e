"""Learning characters from one drawing each, in PyTorch: what Engram is measured against. Not a part of the product.

From the equations of arXiv 1804.02464 (Miconi, Stanley, Clune 2018), section 4.3, one episode an iteration:

    x         = four convolutions 3 x 3, stride 2, 64 features, tanh, of an image of 31 x 31
    y         = softmax(x (w + alpha * hebb) + 1000 label)
    hebb     <- hebb + eta y * (x^T - y * hebb)                                       (Oja)

Five presentations with labels, then a question; binary cross-entropy, float32, autograd, Adam, all cores. The images are random numbers.
Without arguments each presentation goes through the network when it comes, as the equations stand. "together" computes the features of all six
images of an episode in one pass, which is possible because only the last layer is plastic.

It reads requests from standard input, one JSON object a line: {"do": "run", "count": 6}, and answers with as many lines
{"seconds", "loss", "peakRssBytes"}, one a training episode.
"""

import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional

SIDE = 31
FEATURES = 64
WAYS = 5
LABEL_SCALE = 1000.0


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv2d(inputs, FEATURES, 3, stride=2) for inputs in (1, FEATURES, FEATURES, FEATURES))
        self.w = nn.Parameter(0.01 * torch.randn(FEATURES, WAYS))
        self.alpha = nn.Parameter(0.01 * torch.rand(FEATURES, WAYS))
        self.eta = nn.Parameter(torch.tensor(0.01))

    def features(self, images):
        """[count, 1, side, side] -> [count, features]."""
        for convolution in self.convolutions:
            images = torch.tanh(convolution(images))
        return images.flatten(1)

    def answer(self, x, label, hebb):
        return torch.softmax(x @ (self.w + self.alpha * hebb) + LABEL_SCALE * label, dim=0)

    def learn(self, x, y, hebb):
        return hebb + self.eta * y * (x[:, None] - y * hebb)

    def forward(self, images, labels, together):
        """What it answers to the last image. images: [6, 1, side, side], labels: [6, ways], the last all zeros."""
        hebb = torch.zeros(FEATURES, WAYS)
        known = self.features(images) if together else None
        for step in range(len(images)):
            x = self.features(images[step : step + 1])[0] if known is None else known[step]
            y = self.answer(x, labels[step], hebb)
            if step < len(images) - 1:
                hebb = self.learn(x, y, hebb)
        return y


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    network = Network()
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-5)
    together = "together" in sys.argv
    say({"ready": True, "version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        for _ in range(request["count"]):
            started = time.perf_counter()
            loss = train_episode(network, optimiser, together)
            say({"seconds": time.perf_counter() - started, "loss": loss, "peakRssBytes": peak_rss_bytes()})


def train_episode(network, optimiser, together):
    images = torch.rand(WAYS + 1, 1, SIDE, SIDE)
    labels = torch.cat([torch.eye(WAYS)[torch.randperm(WAYS)], torch.zeros(1, WAYS)])
    target = torch.eye(WAYS)[int(torch.randint(WAYS, ()))]
    loss = functional.binary_cross_entropy(network(images, labels, together), target)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


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
