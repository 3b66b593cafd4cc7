#!/usr/bin/env bash
# Kills a run over an archive 30 times at random moments, lets it end, and compares every output with an undisturbed run.
# usage: benches/archive/kills.sh CLEARPLAN INPUT [KILLS] [more arguments of score]
set -euo pipefail
program=$1 input=$2 kills=${3:-30}
shift $(( $# < 3 ? $# : 3 ))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
start=$(date +%s%N)
"$program" score "$input" --out "$folder/whole" "$@"
took=$(( ($(date +%s%N) - start) / 1000000 ))
for ((i = 1; i <= kills; i++)); do
  "$program" score "$input" --out "$folder/killed" "$@" 2>/dev/null &
  child=$!
  # Each run goes on where the last one was killed, so that the moments go through the whole of it.
  sleep "$(awk -v most="$took" -v n="$kills" 'BEGIN { srand(); printf "%.3f", rand() * most / 1000 * 3 / n }')"
  kill -9 "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  shards=$(find "$folder/killed" -name '*.shard' 2>/dev/null | wc -l)
  echo "kill $i: $shards shards so far"
done
"$program" score "$input" --out "$folder/killed" "$@"
diff -r --exclude=.clearplan "$folder/whole" "$folder/killed"
echo "$kills kills: every output is the same byte for byte"
