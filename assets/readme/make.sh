#!/usr/bin/env bash
# Makes the pictures of README.md and docs/ with the program's own commands:
#
#   assets/readme/make.sh [PROGRAM]
#
# PROGRAM is target/release/vqscope without it. The numbers on the picture of the window are drawn by
# ffmpeg, and the page of the report by a browser (chromium); where there is none, report.png is left
# as it is, which is said. scaling.svg is a measurement: docs/benchmarks.md has its command.
set -euo pipefail
cd "$(dirname "$0")"

program=$(realpath "${1:-../../target/release/vqscope}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A moving picture of rescue, eight seconds.
"$program" run rescue --device cpu --out "$work/rescue"
"$program" export "$work/rescue" --gif rescue.gif --every 25 --fps 6 --size 1280x800 --scale 0.75 --force

# How error and use depend on the number of codes.
"$program" sweep collapse --device cpu --vary codebook.size=64,256,1024,2048 --seeds 0-2 --out "$work/sweep"
cp "$work/sweep/sweep.svg" sweep.svg

# The window at its usual size, with a number on each part: x and y of its place.
"$program" shot collapse --device cpu --at 480 --size 1440x900 --force --out "$work/window.png"
numbers=() n=0
for place in 1060,8 1000,50 130,92 545,130 430,600 560,600 1340,140 1228,546 700,790; do
  n=$((n + 1))
  at="x=${place%,*}+8:y=${place#*,}+4"
  look="fontfile=../fonts/IBMPlexSans-SemiBold.ttf:fontsize=20:fontcolor=white:box=1:boxcolor=0x111111"
  numbers+=("drawtext=text=$n:$at:$look:boxborderw=6")
done
(IFS=, && ffmpeg -v error -y -i "$work/window.png" -vf "${numbers[*]}" -frames:v 1 window.png)

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "report.png is left as it is: it needs chromium" >&2
  exit
fi

# A page as a picture: FILE.html WIDTH,HEIGHT FILE.png
page() {
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars \
    --user-data-dir="$work/browser" --window-size="$2" --screenshot="$3" "file://$1" 2>/dev/null
}

# The first page of the report.
"$program" run collapse --device cpu --out "$work/collapse" >/dev/null
"$program" export "$work/collapse" --html "$work/report.html"
page "$work/report.html" 1024,1060 "$PWD/report.png"
