"""The images episode in its dense form, in PyTorch: what Engram is measured against. Not a part of the product.

From the equations of arXiv 1804.02464 (Miconi, Stanley, Clune 2018), all matrices [pre, post]:

    y(t)      = clamped(t) ? given(t) : tanh(y(t-1) (w + alpha * hebb(t)))
    hebb(t+1) = (1 - eta) hebb(t) + eta y(t-1) y(t)^T

Every one of the 201 steps updates the whole trace and is differentiated by autograd. float32, batch 1, Adam; on an NVIDIA card where PyTorch finds one,
otherwise on all cores.
Without arguments each equation is written as it stands. "fused" uses addcmul and addr, single passes over a matrix where separate operations
are two or three; "skip-clamped" does not compute the drive in steps that clamp every neuron.

It reads requests from standard input, one JSON object a line, and answers with JSON lines:
    {"do": "run", "count": 6}   that many training episodes, one line each: {"seconds", "loss", "peakRssBytes"}
    {"do": "product"}           {"gigaflops"}, the best of several matrix products [1025, 1025]^2
"""

import json
import os
import sys
import time

import torch

PIXELS = 1024
NEURONS = PIXELS + 1
PATTERNS = 3
CYCLES = 3
SHOWN_STEPS = 20
BLANK_STEPS = 2
TEST_STEPS = 3


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(cores)
    on_card = torch.cuda.is_available()
    if on_card:
        torch.set_default_device("cuda")
    parameters = {
        "w": (0.01 * torch.randn(NEURONS, NEURONS)).requires_grad_(),
        "alpha": (0.01 * torch.randn(NEURONS, NEURONS)).requires_grad_(),
        "eta": torch.tensor(0.01).requires_grad_(),
    }
    optimiser = torch.optim.Adam(parameters.values(), lr=1e-4)
    device = torch.cuda.get_device_name() if on_card else f"{torch.get_num_threads()} threads"
    say({"ready": True, "version": torch.__version__, "device": device})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "product":
            say({"gigaflops": measure_product()})
            continue
        for _ in range(request["count"]):
            started = time.perf_counter()
            loss = train_episode(parameters, optimiser, fused="fused" in sys.argv, skip_clamped="skip-clamped" in sys.argv)
            say({"seconds": time.perf_counter() - started, "loss": loss, "peakRssBytes": peak_rss_bytes()})


def train_episode(parameters, optimiser, **variant):
    steps, target = draw_episode()
    y = run_episode(**parameters, steps=steps, **variant)
    loss = ((y[:PIXELS] - target) ** 2).sum()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def run_episode(w, alpha, eta, steps, fused=False, skip_clamped=False):
    """y after the last step, [N]. `steps`: a pair (given [N], clamped [N] of booleans) for each."""
    neurons = len(w)
    y = torch.zeros(neurons)
    hebb = torch.zeros(neurons, neurons)
    for number, (given, clamped) in enumerate(steps, start=1):
        if skip_clamped and clamped.all():
            now = given
        else:
            drive = y @ (torch.addcmul(w, alpha, hebb) if fused else w + alpha * hebb)
            now = torch.where(clamped, given, torch.tanh(drive))
        if number < len(steps):
            if fused:
                hebb = torch.addr((1 - eta) * hebb, eta * y, now)
            else:
                hebb = (1 - eta) * hebb + eta * torch.outer(y, now)
        y = now
    return y


def draw_episode():
    """The steps of an episode with fresh random patterns, and the pattern to complete, [pixels]."""
    patterns = [with_bias(torch.rand(PIXELS) * 2 - 1) for _ in range(PATTERNS)]
    blank = with_bias(torch.zeros(PIXELS))
    everything = torch.ones(NEURONS, dtype=torch.bool)
    only_bias = torch.arange(NEURONS) == PIXELS
    steps = []
    for _ in range(CYCLES):
        for pattern in torch.randperm(PATTERNS).tolist():
            steps += [(patterns[pattern], everything)] * SHOWN_STEPS
            steps += [(blank, only_bias)] * BLANK_STEPS
    shown = patterns[int(torch.randint(PATTERNS, ()))]
    half = int(torch.randint(2, ())) * PIXELS // 2
    kept = everything.clone()
    kept[half : half + PIXELS // 2] = False
    steps += [(torch.where(kept, shown, torch.zeros(())), kept)] * TEST_STEPS
    return steps, shown[:PIXELS]


def with_bias(pixels):
    return torch.cat([pixels, torch.ones(1)])


def measure_product():
    a, b = torch.randn(NEURONS, NEURONS), torch.randn(NEURONS, NEURONS)
    began = time.perf_counter()
    best = float("inf")
    while time.perf_counter() - began < 0.5:
        started = time.perf_counter()
        # One number is read back: a card has finished only then.
        (a @ b)[0, 0].item()
        best = min(best, time.perf_counter() - started)
    return 2e-9 * NEURONS**3 / best


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
