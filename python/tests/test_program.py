"""The program from Python: what is called, what comes back, what is said where it fails."""

import json
import os
import stat
import sys

import pytest
import torch
import vqscope
from conftest import REPO, program
from loop import Quantizer
from vqscope.program import binary

#: Stands for the program: it writes down how it was called and does what its folder's name says.
FAKE = f"""#!{sys.executable}
import json, os, pathlib, sys
a = sys.argv[1:]
pathlib.Path(os.environ["CALLED"]).open("a").write(json.dumps(a) + "\\n")
if "broken" in a[1]:
    print("error: codebook.npy is empty; save it again", file=sys.stderr)
    sys.exit(2)
for option in ("--shot", "--html"):
    if option in a:
        pathlib.Path(a[a.index(option) + 1]).write_bytes(b"\\x89PNG" + b"<html>")
if "--json" in a:
    print(json.dumps({{"use": 0.25}}))
    print("use is 0.25, below 0.5" if "--fail" in a else "", file=sys.stderr)
    sys.exit(1 if "--fail" in a else 0)
if "--check" in a:
    print("use 25 % <of> 512")
"""


@pytest.fixture
def calls(tmp_path, monkeypatch):
    fake = tmp_path / "fake" / "vqscope"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VQSCOPE", str(fake))
    log = tmp_path / "called"
    monkeypatch.setenv("CALLED", str(log))
    return lambda: [json.loads(line) for line in log.read_text().splitlines()]


def test_a_window_opens_and_the_call_returns(calls, tmp_path):
    assert vqscope.open(tmp_path, "--lookup", "cosine").wait() == 0
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.toml").write_text("")
    assert vqscope.open(str(tmp_path / "run"), "--lang", "ja").wait() == 0
    assert calls() == [
        ["watch", str(tmp_path), "--lookup", "cosine"],
        [str(tmp_path / "run"), "--lang", "ja"],
    ]


def test_a_shot_is_a_picture_that_notebooks_show(calls, tmp_path):
    picture = vqscope.shot(tmp_path, size="1280x720", theme="light")
    assert picture._repr_png_().startswith(b"\x89PNG") and os.fspath(picture).endswith(".png")
    wanted = ["watch", str(tmp_path), "--shot", str(picture.path), "--size", "1280x720"]
    assert calls() == [[*wanted, "--theme", "light"]]
    assert vqscope.shot(tmp_path, tmp_path / "a.png").path == tmp_path / "a.png"


def test_a_report_of_codebooks_and_of_a_run(calls, tmp_path):
    report = vqscope.report(tmp_path, tmp_path / "page.html")
    page = report.path.read_text()
    assert "use 25 % &lt;of&gt; 512" in page and "data:image/png;base64," in page
    assert "srcdoc" in report._repr_html_()
    with pytest.raises(FileExistsError):
        vqscope.report(tmp_path, tmp_path / "page.html")
    (tmp_path / "run.toml").write_text("")
    made = vqscope.report(tmp_path)
    assert calls()[-1] == ["export", str(tmp_path), "--html", str(made.path)]


def test_a_check_is_data_and_a_truth(calls, tmp_path):
    found = vqscope.check(tmp_path)
    assert found and found.ok and found.found == {"use": 0.25}
    crossed = vqscope.check(tmp_path, fail=["use<0.5", "perplexity<0.1K"])
    assert not crossed and "below 0.5" in crossed.said
    assert not vqscope.check(tmp_path, fail="use<0.5")
    assert calls()[1][4:] == ["--fail", "use<0.5", "--fail", "perplexity<0.1K"]


def test_what_the_program_says_is_raised(calls):
    for call in [vqscope.shot, vqscope.report, vqscope.check]:
        with pytest.raises(RuntimeError, match="codebook.npy is empty; save it again"):
            call("broken")


def test_where_no_program_is_there_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("VQSCOPE", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="VQSCOPE names"):
        binary()


def test_the_program_itself_shows_what_a_watch_wrote(tmp_path, monkeypatch):
    monkeypatch.setenv("VQSCOPE", program())
    w = vqscope.Watch(tmp_path / "codebooks", every=5)
    quantizer = Quantizer(64, 8)
    for step in range(11):
        z = torch.randn(512, 8) * 0.02
        indices = quantizer(z)[1]
        w(step, codebook=quantizer, indices=indices, latents=z, inputs=torch.rand(9, 1, 8, 8))
    picture = vqscope.shot(tmp_path / "codebooks", tmp_path / "a.png", size="1280x720")
    drawn = picture._repr_png_()
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n" and drawn[16:24] == bytes([0, 0, 5, 0, 0, 0, 2, 208])
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "codebook_1.npy").write_bytes(b"")
    with pytest.raises(RuntimeError) as why:
        vqscope.shot(tmp_path / "empty" / "codebook_1.npy", tmp_path / "b.png")
    assert "codebook_1.npy" in str(why.value)


def test_the_program_itself_checks_what_a_watch_wrote(tmp_path, monkeypatch):
    monkeypatch.setenv("VQSCOPE", program("--check"))
    w = vqscope.Watch(tmp_path / "codebooks", every=1)
    codes = torch.randn(64, 8)
    # Four codes of 64, many times.
    w(0, codebook=codes, indices=torch.arange(4).repeat(1000), latents=codes[:4].repeat(1000, 1))
    assert vqscope.check(tmp_path / "codebooks").found
    assert vqscope.check(tmp_path / "codebooks", fail="use<0.05")
    crossed = vqscope.check(tmp_path / "codebooks", fail="use<0.5")
    assert not crossed and "use" in crossed.said + json.dumps(crossed.found)
    page = vqscope.report(tmp_path / "codebooks").path.read_text()
    assert "64" in page
    with pytest.raises(RuntimeError):
        vqscope.check(REPO / "src")
