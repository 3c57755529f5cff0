#!/bin/sh
# Makes IBM Plex Sans JP small enough to be embedded: the kanji in common use, kana, punctuation, and
# whatever the program's own sentences and stories hold. The name changes, as the licence asks of a
# changed font. Needs npm, node and python3; run it after a sentence got a letter that a test misses.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in @ibm/plex-sans-jp@3.0.0 joyo-kanji@0.2.1; do
    file=$(npm pack --silent "$package")
    mkdir -p "$package" && tar xzf "$file" -C "$package" --strip-components=1
done
node -e 'process.stdout.write(require("./joyo-kanji@0.2.1").kanji.join(""))' > joyo.txt
python3 -m venv venv
venv/bin/pip install --quiet fonttools==4.60.1 brotli==1.1.0
venv/bin/python - "$root" joyo.txt > letters.txt <<'PYTHON'
import pathlib, sys
root, joyo = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()
assert len(set(joyo)) == 2136
letters = set(joyo) | {"日", "本", "語"}
files = [*(root / "src/words").glob("*.ftl"), *(root / "demos").glob("*.toml"), root / "assets/tour.toml"]
for file in files:
    letters |= set(file.read_text())
blocks = [(0x3000, 0x30ff), (0xff01, 0xff5e), (0x2010, 0x2027), (0x2190, 0x2193), (0x2460, 0x2473)]
letters |= {chr(c) for first, last in blocks for c in range(first, last + 1)}
# Latin letters are those of IBM Plex Sans, which stands before this font.
print("".join(sorted(c for c in letters if ord(c) > 0x7e)), end="")
PYTHON
for weight in Regular SemiBold; do
    from=@ibm/plex-sans-jp@3.0.0/fonts/complete/woff2/hinted/IBMPlexSansJP-$weight.woff2
    venv/bin/pyftsubset "$from" --text-file=letters.txt --output-file=subset.ttf \
        --no-hinting --desubroutinize --layout-features='' --name-IDs='*' --notdef-outline \
        --drop-tables+=vhea,vmtx,VORG,BASE,GPOS,GSUB,GDEF,DSIG
    venv/bin/python - subset.ttf "$here/VqscopeSansJP-$weight.ttf" "$weight" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont
source, target, weight = sys.argv[1:]
font = TTFont(source)
names = {1: f"Vqscope Sans JP {weight}", 2: "Regular", 3: f"VqscopeSansJP-{weight}",
         4: f"Vqscope Sans JP {weight}", 6: f"VqscopeSansJP-{weight}", 16: "Vqscope Sans JP", 17: weight}
for record in list(font["name"].names):
    if record.nameID in names:
        record.string = names[record.nameID]
    elif record.nameID not in (0, 5, 13, 14):
        font["name"].removeNames(nameID=record.nameID)
font["head"].modified = font["head"].created
font.recalcTimestamp = False
font.save(target)
PYTHON
done
ls -l "$here"
