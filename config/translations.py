"""The catalogue of human sentences: `python -m config.translations compile | check | update`.

Message ids are English, so Chinese is the one catalogue. `update` writes new ids into it and marks those that nobody
uses any more as obsolete; `check` fails when a sentence of the code is missing, untranslated, fuzzy, or has lost a
placeholder; `compile` makes what Django reads and needs no GNU gettext.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("config/locale/zh_Hans/LC_MESSAGES/django.po")
ROOMS = ("recognition", "casework", "flows", "web", "notifications", "oversight", "templates", "config")
# %(name)s and {name}: the values that a sentence carries into any language.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


class GettextMissing(Exception):
    """GNU gettext reads the sentences out of code and templates; nothing in the virtual environment can."""


def main(arguments: list[str]) -> int:
    commands = {"compile": compile_catalogues, "check": check, "update": update}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("Usage: python -m config.translations compile | check | update", file=sys.stderr)
        return 2
    try:
        return commands[arguments[0]]() or 0
    except GettextMissing:
        print(
            "Translations were not checked: GNU gettext (xgettext, msgmerge) is not installed "
            "(on Debian and Ubuntu: apt-get install gettext).",
            file=sys.stderr,
        )
        return 2


def compile_catalogues(root: Path = ROOT) -> None:
    """Write each catalogue's .mo, unless it is newer than its .po already."""
    for source in root.glob("config/locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def check(root: Path = ROOT) -> int:
    """Print what is wrong with the Chinese catalogue, a line each; 0 when nothing is."""
    complaints = list(complaints_about(catalogue_of(root), extract(root)))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if complaints:
        print(f"{len(complaints)} sentences of {CATALOGUE} need a translator.", file=sys.stderr)
        return 1
    return 0


def update(root: Path = ROOT) -> None:
    """Bring the catalogue's ids up to date. Nothing is guessed from similar sentences: a new one starts empty."""
    catalogue = catalogue_of(root)
    catalogue.merge(extract(root))
    for entry in catalogue:
        if entry.msgid_plural:  # merging brings the two forms of English along; Chinese has one
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0, "")}
    catalogue.sort(key=lambda entry: (entry.obsolete, entry.occurrences, entry.msgid))
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(root / CATALOGUE))


def complaints_about(catalogue: polib.POFile, extracted: polib.POFile) -> Iterator[str]:
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for used in extracted:
        entry = known.get((used.msgctxt, used.msgid))
        if entry is None or entry.msgid_plural != used.msgid_plural:
            complaint = "missing"
        elif entry.fuzzy:
            complaint = "fuzzy"
        elif not entry.translated():
            complaint = "untranslated"
        elif not keeps_placeholders(entry):
            complaint = "other placeholders"
        else:
            continue
        where = ", ".join(file for file, _ in used.occurrences)
        yield f"{complaint}: {used.msgid!r} ({where})"


def keeps_placeholders(entry: polib.POEntry) -> bool:
    """Whether every form carries the same values as the English; a singular may say "one" instead of the number."""
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return all(set(PLACEHOLDER.findall(translation)) == wanted for translation in translations)


def catalogue_of(root: Path) -> polib.POFile:
    if (root / CATALOGUE).exists():
        return polib.pofile(str(root / CATALOGUE), wrapwidth=0)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def extract(root: Path) -> polib.POFile:
    """Every sentence that the code and the templates use, read by Django's own makemessages from a copy.

    From a copy, because makemessages writes beside the templates while it reads them. Raises GettextMissing.
    """
    if not shutil.which("xgettext") or not shutil.which("msgmerge"):
        raise GettextMissing
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for room in ROOMS:
            if (root / room).is_dir():
                shutil.copytree(root / room, copy / room, ignore=shutil.ignore_patterns("*.po", "*.mo", "migrations"))
        (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-c", MAKE_MESSAGES],
            cwd=copy,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return polib.pofile(str(copy / CATALOGUE))


# With settings of its own, so that reading sentences needs neither the project's settings nor its database.
MAKE_MESSAGES = """
import django, django.conf, django.core.management
django.conf.settings.configure(LOCALE_PATHS=["config/locale"], USE_I18N=True)
django.setup()
django.core.management.call_command(
    "makemessages", locale=["zh_Hans"], extensions=["py", "html", "txt"], add_location="file", verbosity=0
)
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
