"""The program from Python: opens the window, draws it into a picture, reports, checks."""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, Optional, Sequence, Union

Place = Union[str, "os.PathLike[str]"]


def binary() -> str:
    """The program: what ``VQSCOPE`` names, else that of this installation, else that of the PATH.

    Raises FileNotFoundError with what to do where there is none.
    """
    named = os.environ.get("VQSCOPE")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"VQSCOPE names {named}, which is no program")
        return found
    name = "vqscope.exe" if os.name == "nt" else "vqscope"
    user = {"nt": "nt_user"}.get(os.name, "posix_user")
    places = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", user)]
    # Of a venv whose interpreter is a link, and of `pip install --target`.
    places += [str(Path(sys.executable).parent), str(Path(__file__).parent.parent / "bin")]
    for place in places:
        if place and os.access(os.path.join(place, name), os.X_OK):
            return os.path.join(place, name)
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError("the program vqscope is not installed; pip install it as a wheel")
    return found


def open(folder: Place, *more: str) -> "subprocess.Popen[bytes]":
    """Opens the window on a folder of codebooks or a saved run, and returns at once.

    ``more`` are further arguments of the command. The window lives on after this process.
    """
    command = [binary(), *_looking(folder), *more]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=os.name != "nt")


class Picture:
    """A PNG file, which a notebook shows."""

    def __init__(self, path: Path) -> None:
        #: Where it lies.
        self.path = path

    def _repr_png_(self) -> bytes:
        return self.path.read_bytes()

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<vqscope.Picture {self.path}>"


def shot(
    folder: Place, out: "Optional[Place]" = None, *, size: str = "1440x900", theme: str = "dark"
) -> Picture:
    """Draws the window on a folder of codebooks into a PNG, without a display.

    ``out`` is the file, by default one in a new temporary folder; a file that is there is not
    replaced. Raises RuntimeError with what the program said.
    """
    path = Path(tempfile.mkdtemp(prefix="vqscope-"), "window.png") if out is None else Path(out)
    _run(["watch", os.fspath(folder), "--shot", str(path), "--size", size, "--theme", theme])
    return Picture(path)


class Report:
    """A page of HTML, which a notebook shows."""

    def __init__(self, path: Path) -> None:
        #: Where it lies.
        self.path = path

    def _repr_html_(self) -> str:
        page = html.escape(self.path.read_text(encoding="utf-8"), quote=True)
        return f'<iframe srcdoc="{page}" width="100%" height="800" sandbox></iframe>'

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<vqscope.Report {self.path}>"


def report(folder: Place, out: "Optional[Place]" = None) -> Report:
    """One page of HTML with everything inside: of a saved run its report, of a folder of codebooks
    the window and the diagnosis.

    ``out`` is the file, by default one in a new temporary folder; a file that is there is not
    replaced. Raises RuntimeError with what the program said.
    """
    path = Path(tempfile.mkdtemp(prefix="vqscope-"), "report.html") if out is None else Path(out)
    if Path(folder, "run.toml").exists():
        _run(["export", os.fspath(folder), "--html", str(path)])
        return Report(path)
    said = _run(["watch", os.fspath(folder), "--check"], good=(0, 1))
    with tempfile.TemporaryDirectory() as place:
        picture = shot(folder, Path(place, "window.png"), theme="light")
        drawn = base64.b64encode(picture._repr_png_()).decode()
    name = html.escape(os.path.basename(os.path.abspath(folder)))
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
        "<style>body{font:16px sans-serif;max-width:1440px;margin:24px auto;padding:0 16px}"
        "img{width:100%}pre{white-space:pre-wrap}</style>"
        f'<h1>{name}</h1><img alt="The window" src="data:image/png;base64,{drawn}">'
        f"<pre>{html.escape(said)}</pre></html>\n"
    )
    with path.open("x", encoding="utf-8") as file:
        file.write(page)
    return Report(path)


class Check:
    """The diagnosis of a folder of codebooks."""

    def __init__(self, ok: bool, found: Any, said: str) -> None:
        #: Whether no bound of ``fail`` was crossed.
        self.ok = ok
        #: The diagnosis as data: what ``vqscope watch --check --json`` prints.
        self.found = found
        #: What was said of the bounds that were crossed.
        self.said = said

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return f"<vqscope.Check {'ok' if self.ok else self.said.strip() or 'a bound was crossed'}>"


def check(folder: Place, fail: "Union[str, Sequence[str]]" = ()) -> Check:
    """What the window would say of a folder of codebooks, as data.

    ``fail`` are bounds such as ``"use<0.5"`` or ``"perplexity<0.1K"``; the result is false where one
    is crossed. Raises RuntimeError where the folder cannot be read.
    """
    bounds = [fail] if isinstance(fail, str) else list(fail)
    command = ["watch", os.fspath(folder), "--check", "--json"]
    for bound in bounds:
        command += ["--fail", bound]
    done = _process(command)
    if done.returncode not in (0, 1):
        raise RuntimeError(_last_words(done))
    return Check(done.returncode == 0, json.loads(done.stdout), done.stderr)


def _looking(folder: Place) -> "list[str]":
    """The arguments that open a folder: a saved run by itself, anything else as codebooks."""
    path = os.fspath(folder)
    return [path] if Path(path, "run.toml").exists() else ["watch", path]


def _process(arguments: "list[str]") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [binary(), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _run(arguments: "list[str]", good: "tuple[int, ...]" = (0,)) -> str:
    done = _process(arguments)
    if done.returncode not in good:
        raise RuntimeError(_last_words(done))
    return done.stdout


def _last_words(done: "subprocess.CompletedProcess[str]") -> str:
    said = (done.stderr or done.stdout).strip()
    return said or f"vqscope ended with code {done.returncode} and said nothing"
