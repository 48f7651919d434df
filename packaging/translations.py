"""Edits the two .ts files together, so that no phrase exists in one language only, and compiles them.

translations.py add KEY CHINESE ENGLISH [ENGLISH_SINGULAR]
translations.py import FILE      a line a phrase, the same fields separated by tabs
translations.py remove KEY
translations.py build            .ts to .qm with Qt's lrelease
translations.py check            fails when a language lacks a phrase or a .qm is older than its .ts
"""

import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
BUILD = ROOT / "build"
LANGUAGES = ("zh_CN", "en")
CONTEXT = "kefu"


def source(language: str) -> Path:
    return FOLDER / f"kefu-desk_{language}.ts"


def load(language: str) -> dict[str, list[str]]:
    path = source(language)
    if not path.exists():
        return {}
    out = {}
    for message in ET.parse(path).getroot().iter("message"):  # our own file
        forms = [form.text or "" for form in message.iter("numerusform")]
        out[message.findtext("source") or ""] = forms or [message.findtext("translation") or ""]
    return out


def save(language: str, phrases: dict[str, list[str]]) -> None:
    root = ET.Element("TS", version="2.1", language=language)
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for key in sorted(phrases):
        forms = phrases[key]
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = key
        translation = ET.SubElement(message, "translation")
        if len(forms) > 1 or forms[0].find("{n}") >= 0:
            message.set("numerus", "yes")
            if language == "en" and len(forms) == 1:
                forms = [forms[0], forms[0]]
            for form in forms:
                ET.SubElement(translation, "numerusform").text = form
        else:
            translation.text = forms[0]
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    source(language).write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8"
    )


def compiled(language: str) -> bytes:
    tool = Path(sysconfig.get_path("scripts")) / "pyside6-lrelease"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.qm"
        subprocess.run([tool, "-silent", source(language), "-qm", out], check=True)
        return out.read_bytes()


def build() -> None:
    for language in LANGUAGES:
        source(language).with_suffix(".qm").write_bytes(compiled(language))


def check() -> list[str]:
    tables = {language: load(language) for language in LANGUAGES}
    every = set().union(*tables.values())
    problems = [
        f"{key}: missing in {lang}" for lang in LANGUAGES for key in sorted(every - set(tables[lang]))
    ]
    problems += [
        f"kefu-desk_{lang}.qm is older than its .ts: run packaging/translations.py build"
        for lang in LANGUAGES
        if source(lang).with_suffix(".qm").read_bytes() != compiled(lang)
    ]
    return problems


def put(rows: list[list[str]]) -> None:
    chinese, english = load("zh_CN"), load("en")
    for key, zh, en, *singular in rows:
        chinese[key] = [zh.replace("\\n", "\n")]
        english[key] = [text.replace("\\n", "\n") for text in [*singular, en]]
    save("zh_CN", chinese)
    save("en", english)
    build()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keeps two runs in one checkout apart, where the system can."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "translations.lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl  # Windows has none

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with one_at_a_time():
        match arguments:
            case ["add", *fields] if len(fields) in (3, 4):
                put([fields])
            case ["import", name]:
                lines = Path(name).read_text(encoding="utf-8").splitlines()
                put([line.split("\t") for line in lines if line.strip() and not line.startswith("#")])
            case ["remove", key]:
                for language in LANGUAGES:
                    phrases = load(language)
                    phrases.pop(key, None)
                    save(language, phrases)
                build()
            case ["build"]:
                build()
            case ["check"]:
                problems = check()
                print("\n".join(problems) or "translations: complete")
                return 1 if problems else 0
            case _:
                print(__doc__)
                return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
