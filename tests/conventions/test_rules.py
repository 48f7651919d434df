"""Each rule finds a violation that was planted, and lets the neighbouring good form pass."""

import pytest

from tests.conventions import addresses, calls, mutability, naming, phrases, sizes, wires
from tests.conventions.source import Rule, planted

METHODS = "".join(f"    def m{n}(self): return {n}\n" for n in range(16))
TABLES: phrases.Tables = {
    "zh_CN": {"queue.title": ("等待",), "queue.count": ("{n} 人",), "media.image": ("图片 {name}",)},
    "en": {
        "queue.title": ("Waiting",),
        "queue.count": ("{n} person", "{n} people"),
        "media.image": ("{name}",),
    },
}

BAD: list[tuple[Rule, str, str]] = [
    (sizes.file_length, "x = 1\n" * 401, "401 lines"),
    (sizes.function_length, "def f():\n" + "    x = 1\n" * 50, "f has 51 lines"),
    (sizes.class_width, f"class Wide:\n{METHODS}", "16 public methods"),
    (calls.event_loop, "dialog.exec()", "nested event loop"),
    (calls.event_loop, "QApplication.processEvents()", "nested event loop"),
    (calls.event_loop, "QtWidgets.QMessageBox.warning(None, 'a', 'b')", "blocks"),
    (calls.event_loop, "name = QFileDialog.getOpenFileName()", "blocks"),
    (calls.event_loop, "from qasync import asyncSlot", "asyncSlot"),
    (calls.event_loop, "import qasync\n@qasync.asyncSlot()\ndef f(): return 1", "asyncSlot"),
    (calls.event_loop, "async def f(): await asyncio.wait_for(g(), 1)", "asyncio.timeout"),
    (calls.leaving, "app.quit()", "closing event"),
    (calls.leaving, "action.triggered.connect(QApplication.quit)", "closing event"),
    (calls.leaving, "os._exit; loop.exit(1)", "closing event"),
    (calls.broad_except, "try: f()\nexcept Exception: g()", "catches everything"),
    (calls.broad_except, "try: f()\nexcept (OSError, BaseException): g()", "catches everything"),
    (calls.broad_except, "try: f()\nexcept: g()", "catches everything"),
    (calls.broad_except, "with contextlib.suppress(Exception): f()", "suppresses"),
    (calls.task_owners, "group.create_task(f())", "create tasks"),
    (calls.task_owners, "asyncio.ensure_future(f())", "create tasks"),
    (mutability.module_state, "cache = {}", "cache is mutable"),
    (mutability.module_state, "if True:\n    seen: set[str] = set()", "seen is mutable"),
    (mutability.module_state, "ids = itertools.count()", "ids is mutable"),
    (mutability.module_state, "TABLE = {}\ndef f(): TABLE['a'] = 1", "TABLE is changed"),
    (mutability.module_state, "NAMES = []\ndef f(): NAMES.append(1)", "NAMES is changed"),
    (mutability.module_state, "import other\ndef f(): other.TABLE.clear()", "TABLE is changed"),
    (mutability.module_state, "def f():\n    global x\n    x = 1", "global x"),
    (naming.unfinished, "x = 1  # TO" + "DO: later", "left for later"),
    (naming.unfinished, "def f():\n    raise NotImplementedError", "a stub"),
    (naming.unfinished, "def f():\n    raise NotImplementedError('soon')", "a stub"),
    (naming.unfinished, "class C:\n    def f(self): ...", "f does nothing"),
    (naming.unfinished, "def f():\n    pass", "f does nothing"),
]

GOOD: list[tuple[Rule, str]] = [
    (sizes.file_length, "x = 1\n" * 400),
    (sizes.function_length, "def f():\n" + "    x = 1\n" * 49),
    (sizes.class_width, f"class Narrow:\n{METHODS.replace('m0', '_m0')}"),
    (calls.event_loop, "dialog.open()\nbox = QMessageBox(parent)\nasyncio.timeout(3)"),
    (calls.leaving, "sys.exit(1)\nself.quit_requested.emit()"),
    (calls.broad_except, "try: f()\nexcept OSError: g()"),
    (calls.task_owners, "group = asyncio.TaskGroup()"),
    (
        mutability.module_state,
        "TABLE = {'a': 1}\n_SMALL = [1]\n__all__ = ['f']\ndef f(): x = []; x.append(TABLE['a'])",
    ),
    (naming.unfinished, "class C(Protocol):\n    def f(self): ...\ndef g():\n    '''Nothing to close.'''"),
    (naming.unfinished, "def __eq__(self, other): return NotImplemented"),
    (naming.unfinished, "try: loop.add_signal_handler(2, f)\nexcept NotImplementedError: g()"),
]


@pytest.mark.parametrize(("rule", "text", "words"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_is_found(rule: Rule, text: str, words: str) -> None:
    assert any(words in found for found in rule(planted(text)))


@pytest.mark.parametrize(("rule", "text"), GOOD, ids=lambda value: getattr(value, "__name__", None))
def test_the_good_form_passes(rule: Rule, text: str) -> None:
    assert list(rule(planted(text))) == []


def test_the_boundaries_may_catch_and_the_owners_may_create() -> None:
    catch = "try: f()\nexcept Exception: g()"
    assert not list(calls.broad_except(planted(catch, "kefu_desk/desk/tasks.py")))
    assert list(calls.broad_except(planted(catch, "kefu_desk/ui/tasks.py")))
    create = "group.create_task(f())"
    assert not list(calls.task_owners(planted(create, "kefu_desk/desk/runtime.py")))
    assert list(calls.task_owners(planted(create, "kefu_desk/ui/runtime.py")))


def test_only_the_first_paint_may_run_a_loop_of_its_own() -> None:
    text = "loop.exec()\nself._loop.quit()"
    assert not list(calls.event_loop(planted(text, "kefu_desk/app/gui.py")))
    assert not list(calls.leaving(planted(text, "kefu_desk/app/gui.py")))
    assert list(calls.event_loop(planted(text, "kefu_desk/ui/window.py")))
    assert list(calls.leaving(planted("app.quit()", "kefu_desk/app/gui.py")))


@pytest.mark.parametrize("name", ["utils", "text_helpers", "task_manager", "common/cases", "misc"])
def test_names_that_say_nothing_are_found(name: str) -> None:
    assert list(naming.module_name(planted("", f"kefu_desk/desk/{name}.py")))


@pytest.mark.parametrize("name", ["tooltip", "commons", "management"])
def test_names_that_only_look_alike_pass(name: str) -> None:
    assert not list(naming.module_name(planted("", f"kefu_desk/desk/{name}.py")))


CONNECTS = {
    "self.sent.connect(self._clear)": True,
    "self._button.clicked.connect(self.sent)": True,
    "self._list.selectionModel().currentChanged.connect(self._row)": True,
    "button = Button()\n    button.clicked.connect(self.sent)": True,
    "QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)": True,
    "pane.destroyed.connect(self._forget)": True,
    "pane.sent.connect(self._clear)": False,
    "pane.button().clicked.connect(self._clear)": False,
    "self._chat.composer.sent.connect(self._clear)": False,
}


@pytest.mark.parametrize(("line", "allowed"), CONNECTS.items())
def test_a_part_connects_only_what_it_made(line: str, allowed: bool) -> None:
    text = f"def f(self, pane):\n    {line}"
    assert (not list(wires.cross_connects(planted(text, "kefu_desk/ui/panes/chat.py")))) is allowed
    assert not list(wires.cross_connects(planted(text, "kefu_desk/ui/wiring.py")))


def test_phrases_that_are_missing_or_lack_a_parameter_are_found() -> None:
    bad = {
        'text("queue.titel")': "no phrase 'queue.titel'",
        'TABLE = {1: "queue.nothing"}': "no phrase 'queue.nothing'",
        'text("elsewhere.key")': "no phrase 'elsewhere.key'",
        'text(f"queue.state.{x}")': "no phrase begins with 'queue.state.'",
        'text("media.image")': "needs ['name']",
        'text("queue.count")': "needs ['n']",
        'text("queue.title" if x else "queue.titel")': "no phrase 'queue.titel'",
    }
    for line, words in bad.items():
        found = list(phrases.unknown_phrases(planted(line), TABLES))
        assert [words in one for one in found] == [True], line
    good = (
        'text("media.image", name="a"); text("queue.count", 3); text(f"media.{x}"); text("queue.title", **x)'
    )
    assert not list(phrases.unknown_phrases(planted(good), TABLES))


def test_paths_of_the_state_are_no_phrases() -> None:
    assert list(phrases.unknown_phrases(planted('f("queue.cases")'), TABLES))
    place = "kefu_desk/ui/slices.py"
    assert not list(phrases.unknown_phrases(planted('f("queue.cases")', place), TABLES))
    assert list(phrases.unknown_phrases(planted('text("queue.cases")', place), TABLES))


def test_unused_phrases_are_found_and_a_prefix_counts_as_use() -> None:
    code = [planted('text("queue.title")\ntext(f"media.{kind}")')]
    assert list(phrases.unused_phrases(code, TABLES)) == ["queue.count: no code names it"]


def test_templates_that_differ_are_found() -> None:
    differing = {
        "zh_CN": {"a.b": ("{name}",), "a.c": ("",), "a.d": ("{",)},
        "en": {"a.b": ("{nom}",), "a.d": ("x",)},
    }
    found = list(phrases.template_faults(differing))
    assert [one.partition(":")[0] for one in found] == ["a.b", "a.c", "a.c", "a.d"]
    assert not list(phrases.template_faults(TABLES))


def test_machine_paths_and_lock_addresses_are_found() -> None:
    assert list(addresses.machine_paths("a.md", "see /" + "work/main/x"))
    assert list(addresses.machine_paths("a.md", "https://py" + "pi.org/simple"))
    assert not list(addresses.machine_paths("a.md", "run packaging/work/x and ~/root/"))
    assert list(addresses.lock_addresses("a.lock", "x==1 @ https" + "://host/x.whl"))
    assert addresses.lock_pins("x==1.0 ; y\ny-z==2 \\\n    --hash=sha256:0\n") == {"x": "1.0", "y-z": "2"}
