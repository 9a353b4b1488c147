"""The recipes of docs/adding.md are followed in a copy of the project: it proves, and its calls play as written."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.bank.core import CoreBank
from tests.docs.documents import DOCS, ROOT, Block, blocks, section

TEXT = (DOCS / "adding.md").read_text(encoding="utf-8")


class Copy:
    """A copy of the project's program, flows and prompts, without the calls written down for it, to be changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("ivr", "flows", "prompts"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.test.yaml"))
        shutil.copyfile(ROOT / "config.yaml", root / "config.yaml")

    def change(self, file: str, before: str, after: str) -> None:
        """Replace a text that stands in a file once or more often; the first one is meant."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{file} has no {before}"
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Append to a file, or make it."""
        path = self.root / file
        known = path.read_text(encoding="utf-8") + "\n" if path.exists() else ""
        path.write_text(known + text, encoding="utf-8")

    def flow(self, *words: str) -> str:
        """What `python -m ivr flow` prints in the copy; it must succeed."""
        command = [sys.executable, "-m", "ivr", "flow", *words, "--root", str(self.root)]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def of(title: str, language: str) -> list[Block]:
    return blocks(section(TEXT, title), language)


def indented(text: str) -> str:
    return "\n" + "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def with_branches(copy: Copy, step: str) -> None:
    """The menu's sixth option, its prompts and words."""
    last = '      "5": {then: passwords.start, words: words.passwords}\n'
    copy.change(
        "flows/main.yaml", last, f'{last}      "6": {{then: branches, words: words.branches}}\n{indented(step)}'
    )
    for language, before, more, said in (
        ("zh-CN", "修改密码，请按5。", "营业网点，请按6。", "甲"),
        ("en", "press 5.", " For our branches, press 6.", "A"),
    ):
        file = f"prompts/{language}.yaml"
        copy.change(file, before, before + more)
        copy.change(file, "\nidentify:\n", f"\n  branches_open: {said}\n  branches_closed: {said}\n\nidentify:\n")
        copy.change(file, "\n  passwords: [", "\n  branches: [营业网点]\n  passwords: [")


def test_a_menu(copy: Copy) -> None:
    step, calls = of("A menu", "yaml")
    with_branches(copy, step.text)
    copy.add("flows/main.test.yaml", calls.text)
    assert "nothing to mend" in copy.flow("check")
    assert "all as written" in copy.flow("test", "main")


def test_a_step_type(copy: Copy) -> None:
    [module] = of("A step type", "python")
    copy.add("ivr/engine/steps/weekday.py", module.text)
    with_branches(
        copy,
        "branches:\n"
        "  weekday: [sat, sun]\n"
        "  then: {say: main.branches_closed, then: menu}\n"
        "  else: {say: main.branches_open, then: menu}\n",
    )
    copy.add("flows/main.test.yaml", of("A menu", "yaml")[1].text)
    assert "nothing to mend" in copy.flow("check")
    assert "all as written" in copy.flow("test", "main")


def test_a_service(copy: Copy) -> None:
    [module] = of("A service", "python")
    step, calls = of("A service", "yaml")
    copy.add("ivr/calls/services/last_received.py", module.text)
    variables = "  movements: {type: list}\n"
    copy.change("flows/balance.yaml", variables, variables + "  received: {type: money}\n  received_on: {type: date}\n")
    last = '      "2": {then: accounts, words: words.other_account}\n'
    copy.change(
        "flows/balance.yaml", last, f'{last}      "3": {{then: received, words: words.received}}\n{indented(step.text)}'
    )
    for language, before, more, (received, nothing) in (
        ("zh-CN", "查询其他账户，请按2。", "查询最近一笔入账，请按3。", ("最近一笔入账", "没有入账")),
        ("en", "For another account, press 2.", " For the latest amount received, press 3.", ("Latest", "Nothing")),
    ):
        file = f"prompts/{language}.yaml"
        copy.change(file, before, before + more)
        said = f"  received: {received}，{{received_on|date}}，{{received|money}}。\n  nothing_received: {nothing}\n"
        copy.change(file, "\nbills:\n", f"{said}\nbills:\n")
        copy.change(file, "\n  other_account: [", "\n  received: [入账]\n  other_account: [")
    copy.add("flows/balance.test.yaml", calls.text)
    assert "nothing to mend" in copy.flow("check")
    assert "all as written" in copy.flow("test", "balance")


def test_a_language_that_borrows_its_rules(copy: Copy) -> None:
    [module] = of("A language", "python")
    copy.add("ivr/engine/speech/verbalization/cantonese.py", module.text)
    copy.add(
        "ivr/engine/speech/recognition/cantonese.py",
        module.text.replace("verbalization", "recognition").replace("VERBALIZATION", "RECOGNITION"),
    )
    shutil.copyfile(copy.root / "prompts" / "zh-CN.yaml", copy.root / "prompts" / "zh-HK.yaml")
    copy.change("config.yaml", "languages: [zh-CN, en]", "languages: [zh-CN, en, zh-HK]")
    copy.change("config.yaml", "en: Yuanshan Bank}", "en: Yuanshan Bank, zh-HK: 遠山銀行}")
    billers = copy.root / "config.yaml"  # `name: {zh-CN: 自来水公司, en: ...}`: of every one, and its number
    named = r"((?:name|number): \{zh-CN: [^}]*)\}(?=, number|\})"
    billers.write_text(re.sub(named, r"\1, zh-HK: 公司}", billers.read_text("utf-8")), "utf-8")
    row = "  zh-HK: {say: yue-CN, voice: Polly.Hiujin-Neural, hear: yue-Hant-HK}\n"
    copy.change("config.yaml", "  en:    {say: en-US", f"{row}  en:    {{say: en-US")
    copy.change("flows/main.yaml", "languages: [zh-CN, en]", "languages: [zh-CN, en, zh-HK]")
    second = '      "2": {then: {language: en, then: menu}, words: words.english}\n'
    third = '      "3": {then: {language: zh-HK, then: menu}, words: words.cantonese}\n'
    copy.change("flows/main.yaml", second, second + third)
    for language in ("zh-CN", "en", "zh-HK"):
        copy.change(f"prompts/{language}.yaml", "\n  english: [", "\n  cantonese: [粤语]\n  english: [")
    copy.change("prompts/zh-HK.yaml", "普通话，请按1。", "粤语服务，请按3。")
    assert "in 3 languages: nothing to mend" in copy.flow("check")
    said = "from ivr.engine.speech.value_formats import speak; print(speak(18640, 'money', 'zh-HK'))"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=copy.root, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "一百八十六元四角"


def test_the_port_is_as_wide_as_the_recipe_says() -> None:
    deeds = [name for name in vars(CoreBank) if not name.startswith("_")]
    assert "sixteen methods" in section(TEXT, "A core bank")
    assert len(deeds) == 16


@pytest.mark.parametrize("title", ["A service", "A step type", "A language"])
def test_the_modules_shown_are_as_the_linter_wants_them(copy: Copy, title: str) -> None:
    [module] = of(title, "python")
    copy.add("ivr/engine/steps/shown.py", module.text)
    for what in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *what,
            "--config",
            str(ROOT / "pyproject.toml"),
            "ivr/engine/steps/shown.py",
        ]
        done = subprocess.run(command, cwd=copy.root, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout
