"""Bring what the slides and the site need of others' work: pinned packages from npm, unpacked once into build/assets.

uv run --group publish python tools/assets.py

Nothing of it is committed, and no page loads anything from elsewhere when it is viewed.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from here import ROOT

ASSETS = ROOT / "build" / "assets"


@dataclass(frozen=True)
class Package:
    """An npm package: its version, its checksum, and the paths below which its files are taken."""

    name: str
    version: str
    licence: str
    sha512: str
    take: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return ASSETS / f"{self.name.rpartition('/')[2]}-{self.version}"


#: reveal.js 6 breaks the speaker notes of nbconvert's template; jQuery is what that template asks for.
PACKAGES = {
    package.name: package
    for package in (
        Package(
            "reveal.js",
            "5.2.1",
            "MIT",
            "r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
            ("LICENSE", "dist/", "plugin/notes/"),
        ),
        Package(
            "requirejs",
            "2.3.8",
            "MIT",
            "7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
            ("require.js",),
        ),
        Package(
            "jquery",
            "3.7.1",
            "MIT",
            "m4avr8yL8kmFN8psrbFFFmB/If14iN5o9nw/NgnnM+kybDJpRsAynV2BsfpTYrTRysYUdADVD7CkUUizgkpLfg==",
            ("LICENSE.txt", "dist/jquery.min.js"),
        ),
        Package(
            "@jupyter-widgets/html-manager",
            "1.0.15",
            "BSD-3-Clause",
            "5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
            ("dist/embed-amd.js", "dist/embed.js.LICENSE.txt"),
        ),
        Package(
            "mathjax",
            "3.2.2",
            "Apache-2.0",
            "Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
            ("LICENSE", "es5/tex-svg.js", "es5/tex-chtml.js", "es5/output/chtml/fonts/"),
        ),
    )
}


def asset(name: str) -> Path:
    """Return the folder with a package's files, brought from npm if they are not here yet.

    Raises
    ------
    RuntimeError
        If npm cannot be run, or what it brings is not what the checksum says.
    """
    package = PACKAGES[name]
    if not package.folder.is_dir():
        ASSETS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ASSETS) as room:
            _unpack(_bring(package, Path(room)), package, Path(room) / "ready")
            (Path(room) / "ready").rename(package.folder)
    return package.folder


def licences() -> str:
    """Return the list of what is not ours in the pages that are built, as Markdown."""
    rows = [f"| {p.name} | {p.version} | {p.licence} |" for p in PACKAGES.values()]
    return "\n".join(["| package | version | licence |", "| --- | --- | --- |", *rows])


def _bring(package: Package, room: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is not here; `uv run --group publish` brings it")
    command = [npm, "pack", "--silent", f"{package.name}@{package.version}", f"--pack-destination={room}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm pack {package.name}@{package.version} failed: {done.stderr.strip()[-500:]}")
    (archive,) = room.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.sha512:
        raise RuntimeError(f"{package.name}@{package.version} is not the package that was pinned: sha512-{found}")
    return archive


def _unpack(archive: Path, package: Package, folder: Path) -> None:
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            member.name = member.name.removeprefix("package/")
            if member.name.startswith(package.take) and not member.name.endswith((".map", ".eot", ".ttf")):
                files.extract(member, folder, filter="data")


if __name__ == "__main__":
    for name in PACKAGES:
        print(asset(name).relative_to(ROOT))
