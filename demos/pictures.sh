#!/usr/bin/env bash
# Pictures of the ten stories in their full form, each at its first question before the answer:
#
#   demos/pictures.sh FOLDER [PROGRAM]
#
# As the window and as a room sees it, at 1440x900 and 1280x720, in English and Japanese: 80 pictures in
# FOLDER, in about a minute. PROGRAM is target/release/vqscope without it. STORIES, with spaces
# between, names others.
set -euo pipefail

folder=${1:?names no folder}
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${2:-$here/../target/release/vqscope}")
stories=${STORIES:-collapse rescue bigger_vq both_learn simvq_fails revival fsq rotation calm cloud}
mkdir -p "$folder"

for story in $stories; do
  # Which of its beats asks first.
  beat=$(awk '/^\[\[beat\]\]/ { n++ } /^kind = "ask"/ { print n; exit }' "$here/$story.toml")
  for language in en ja; do
    for size in 1440x900 1280x720; do
      for room in "" --present; do
        out="$folder/$story-$size-$language${room:+-room}.png"
        "$program" shot "$story" --device cpu --beat "$beat" --lang "$language" --size "$size" \
          $room --force --out "$out"
      done
    done
  done
done
