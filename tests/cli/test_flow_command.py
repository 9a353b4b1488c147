"""python -m ivr flow: prove, publish, roll back, draw and test, on the product's own flows."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.cli.main import main
from ivr.db import schema
from ivr.engine.compile.schema import flow_schema_text
from ivr.installation import ROOT, Installation

COMMANDS = ("check", "test", "publish", "rollback", "history", "schema", "diagram")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of config, flows and prompts that a test may break."""
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database, migrated."""
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path}/hotline.db")
    schema.upgrade(Installation.here().database)


def spoil(folder: Path, name: str, right: str, wrong: str) -> None:
    """Change a text in a file of the folder."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["flow", command, "--help"])
    assert left.value.code == 0
    assert f"example: python -m ivr flow {command}" in capsys.readouterr().out


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, but for the warning of a year without a calendar, which comes and goes with the day."""
    lines = capsys.readouterr().out.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("warning: calendar/"))


def test_the_flows_of_the_product_have_nothing_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "check"]) == 0
    *budgets, last = _printed(capsys).splitlines()
    assert [line.partition(":")[0] for line in budgets] == ["zh-CN", "en"]
    assert all("balance.amount after " in line for line in budgets)
    words = last.split()
    assert words[1::2][:3] == ["flows,", "steps,", "prompts"]
    assert " ".join(words[-7:]) == "prompts in 2 languages: nothing to mend"


def test_everything_that_is_wrong_is_printed_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "prompts/en.yaml", "  goodbye:", "  goodby:")
    spoil(folder, "prompts/zh-CN.yaml", "请按5", "请按7")
    assert main(["flow", "check", "--root", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert "the prompt 'common.goodbye' is missing in en. Callers would hear nothing here" in out
    assert "names the key 7, which does nothing here" in out
    assert err.endswith("things to mend\n")


def test_a_folder_that_cannot_be_built_is_explained_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "flows/main.yaml", "start: welcome", "start: welcom")
    assert main(["flow", "check", "--root", str(folder)]) == 1
    assert "start: there is no step 'welcom'. " in capsys.readouterr().out


def test_a_missing_folder_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "config.yaml", tmp_path)
    assert main(["flow", "check", "--root", str(tmp_path)]) == 1
    assert "there is no folder" in capsys.readouterr().err


@pytest.mark.usefixtures("database")
def test_publish_swaps_what_new_calls_run_on_and_rollback_swaps_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flow", "publish", "--root", str(folder), "--by", "ma", "--reason", "first"]) == 0
    first = _printed(capsys).split()[4]
    assert main(["flow", "publish", "--root", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "nothing was changed" in out
    assert "nothing needs a restart" in out
    spoil(folder, "prompts/en.yaml", "Goodbye", "Bye")
    spoil(folder, "config.yaml", "max_waiting: 50", "max_waiting: 40")
    spoil(folder, "config.yaml", "each_yuan: 5000.00", "each_yuan: 4000.00")
    assert main(["flow", "publish", "--root", str(folder), "--by", "li"]) == 0
    out = capsys.readouterr().out
    assert "restart every process for transfer.each_yuan of config.yaml" in out
    assert f"(before: {first})" in out
    assert main(["flow", "rollback", "--by", "ma"]) == 0
    assert f"new calls run on {first} again" in capsys.readouterr().out
    assert main(["flow", "history"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row[0] for row in rows] == ["*", " ", " "]
    assert [first in row for row in rows] == [True, False, True]
    assert rows[0].split()[-2:] == ["ma", "rollback"]


def test_check_warns_of_what_dates_close_and_does_not_fail(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    spoil(
        folder,
        "config.yaml",
        '  agents: {mon-sun: ["00:00-24:00"]}',
        f'  agents: {{mon-sun: ["00:00-24:00"], "{day}": closed}}',
    )
    assert main(["flow", "check", "--root", str(folder)]) == 0
    out = capsys.readouterr().out
    assert f"warning: config.yaml:1:1: closes hours.agents: 'agents' is closed all day on {day}." in out
    assert "The queue 'security' takes nobody then (callers of card_loss, password" in out
    assert out.splitlines()[-1].endswith("nothing to mend")


@pytest.mark.usefixtures("database")
def test_what_fails_its_proofs_is_not_published(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "prompts/en.yaml", "  goodbye:", "  goodby:")
    assert main(["flow", "publish", "--root", str(folder)]) == 1
    capsys.readouterr()
    assert main(["flow", "history"]) == 0
    assert "nothing was published yet" in capsys.readouterr().out


@pytest.mark.usefixtures("database")
def test_there_is_nothing_to_roll_back_to_before_the_second_publication(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "rollback"]) == 1
    assert "there is no earlier bundle to go back to" in capsys.readouterr().err


def test_a_database_without_tables_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert main(["flow", "publish"]) == 1
    assert "run: python -m ivr migrate" in capsys.readouterr().err


def test_transcripts_are_played_and_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = 'a call:\n  - call: {language: zh-CN}\n  - hear: main.welcome\n  - press: "1"\n  - ends_in: %s\n'
    path = folder / "flows" / "main.test.yaml"
    path.write_text(rows % "main.menu", encoding="utf-8")
    assert main(["flow", "test", "main", "--root", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].split()[:2] == ["flow", "steps"]
    assert "1 call, all as written" in out
    path.write_text(rows % "main.welcome", encoding="utf-8")
    assert main(["flow", "test", "main", "--root", str(folder)]) == 1
    assert (
        "flows/main.test.yaml:5: a call: the call stands at main.menu, not at main.welcome" in capsys.readouterr().out
    )


def test_a_transcript_that_is_not_utf_8_fails_at_its_first_bad_byte(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "flows" / "main.test.yaml").write_bytes("a call:\n  - call:\n  - say: 余额\n".encode("gb18030"))
    assert main(["flow", "test", "main", "--root", str(folder)]) == 1
    assert "flows/main.test.yaml:3: : the file is not UTF-8: the byte 0xD3 is no character" in capsys.readouterr().out


def test_files_that_nobody_reads_are_pointed_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "flows" / "zz.yml").write_text("flow: zz\n", encoding="utf-8")
    (folder / "prompts" / "en.YAML").write_text("a: b\n", encoding="utf-8")
    (folder / "flows" / "bils.test.yaml").write_text("a: []\n", encoding="utf-8")
    told = [
        "flows/bils.test.yaml:1:1: file: there is no flow 'bils'. Its calls would never be played. "
        "did you mean 'bills'?",
        "flows/zz.yml:1:1: file: a file that ends in .yml is not read. Nothing of this file would run. "
        "rename it to zz.yaml.",
        "prompts/en.YAML:1:1: file: a file that ends in .YAML is not read. Nothing of this file would run. "
        "rename it to en.yaml.",
    ]
    for command in ("check", "test"):
        assert main(["flow", command, "--root", str(folder)]) == 1
        assert set(told) <= set(capsys.readouterr().out.splitlines()), command
    spoil(folder, "flows/main.yaml", "start: welcome", "start: welcom")
    assert main(["flow", "check", "--root", str(folder)]) == 1
    assert told[1] in capsys.readouterr().out


def breaks(*_: object) -> None:
    """A reader with a fault of its own."""
    raise KeyError("what nobody foresaw")


@pytest.mark.parametrize("command", [["check"], ["test"], ["diagram", "main"]])
def test_whatever_stands_in_the_folder_a_command_ends_with_words(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "flows" / "sub.yaml").mkdir()
    assert main(["flow", *command, "--root", str(folder)]) == 1
    assert "sub.yaml: Is a directory" in capsys.readouterr().err
    (folder / "flows" / "sub.yaml").rmdir()
    monkeypatch.setattr("ivr.calls.publishing.folder.build", breaks)
    assert main(["flow", *command, "--root", str(folder)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("flow: the program itself broke at test_flow_command.py:")
    assert "KeyError: 'what nobody foresaw'" in err


def test_what_no_call_shows_is_named_when_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = 'a call:\n  - call: {language: en, start: main.menu}\n  - press: "0"\n'
    (folder / "flows" / "main.test.yaml").write_text(rows, encoding="utf-8")
    assert main(["flow", "test", "main", "--missing", "--root", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "no call shows main.menu: no_input" in lines
    assert "no call shows main.menu: key 0" not in lines


def test_a_flow_is_drawn_and_an_unknown_one_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "diagram", "main"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD\n")
    assert main(["flow", "diagram", "mian"]) == 1
    assert "there is no flow 'mian'; did you mean 'main'?" in capsys.readouterr().err


def test_the_schema_is_written_where_editors_look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr("ivr.cli.flow.ROOT", tmp_path)
    assert main(["flow", "schema"]) == 0
    assert (tmp_path / "docs" / "flow.schema.json").read_text(encoding="utf-8") == flow_schema_text()


def test_findings_and_the_lines_around_them_are_in_the_language_of_the_locale_or_the_one_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(folder, "prompts/en.yaml", "  goodbye:", "  goodby:")
    asked = ["flow", "check", "--root", str(folder)]
    chinese = "en缺少提示语“common.goodbye”。客户在此什么也听不到。请在prompts/en.yaml中加上common.goodbye"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for words in (asked, [*asked, "--language", "zh-CN"]):
        assert main(words) == 1
        out, err = capsys.readouterr()
        assert (chinese in out, err) == (True, "共1处需要修改\n")
    assert main([*asked, "--language", "en"]) == 1
    assert capsys.readouterr().err == "1 thing to mend\n"
    spoil(folder, "prompts/en.yaml", "  goodby:", "  goodbye:")
    assert main(asked) == 0
    assert capsys.readouterr().out.endswith("：没有需要修改的问题\n")
    assert main(["flow", "diagram", "mian", "--root", str(folder)]) == 1
    assert capsys.readouterr().err == "flow: 没有流程“mian”；是不是想写'main'？\n"
    (folder / "config.yaml").unlink()
    assert main(asked) == 1
    assert capsys.readouterr().err.startswith(f"flow: 找不到{folder / 'config.yaml'}；请在项目文件夹中运行")


@pytest.mark.parametrize(
    ("right", "wrong", "places"),
    [
        ("  misses: 12", "  misses: many", ["shape call.misses"]),
        ("queues:", "queus:", ["config.yaml", "shape queus"]),
        ("languages: [zh-CN, en]", "languages: [zh-CN, fr]", ["config.yaml", "language"]),
    ],
)
def test_a_fault_of_config_yaml_hides_none_of_a_flow_and_nothing_follows_from_it(
    right: str, wrong: str, places: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(folder, "config.yaml", right, wrong)
    spoil(folder, "prompts/zh-CN.yaml", "请按4", "请按7")
    assert main(["flow", "check", "--root", str(folder), "--language", "en"]) == 1
    told = capsys.readouterr().out.splitlines()
    config = [line for line in told if line.startswith("config.yaml")]
    assert any(all(part in line for part in places) for line in config), told
    assert [line.split(": ")[1] for line in told if line not in config] == ["no-such-key main.menu"], told


def test_a_config_yaml_that_cannot_be_read_hides_no_word_of_a_flow_that_leads_nowhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(folder, "config.yaml", "routing: ", "routing: [")
    spoil(folder, "flows/main.yaml", "bills.start", "bills.strat")
    assert main(["flow", "check", "--root", str(folder), "--language", "en"]) == 1
    assert [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()] == ["yaml", "target main.menu"]


def test_several_faults_of_config_yaml_are_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(folder, "config.yaml", "  misses: 12", "  missis: 12")
    spoil(folder, "config.yaml", "  a_day: 3 ", "  a_day: x ")
    spoil(folder, "config.yaml", "hours: agents,", "hours: agnts,")
    assert main(["flow", "check", "--root", str(folder), "--language", "en"]) == 1
    codes = [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()]
    assert codes == ["shape call.missis", "shape callbacks.a_day", "hours queues.general.hours"]


@pytest.mark.parametrize(
    ("file", "option", "more"),
    [
        ("flows/main.yaml", '      "3": {then: bills.start, words: words.bills}\n', 10),
        ("flows/bills.yaml", "      found: choose\n", 5),
    ],
)
def test_a_lost_option_is_one_finding(
    file: str, option: str, more: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(folder, file, option, "")
    assert main(["flow", "check", "--root", str(folder), "--language", "en"]) == 1
    [told] = capsys.readouterr().out.splitlines()
    counted = told.rpartition("And ")[2].split()
    assert int(counted[0]) >= more
    assert counted[1:] == ["more", "that", "follow", "from", "it."]


def test_a_biller_that_no_menu_offers_is_told_at_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "config.yaml"
    number = "number: {zh-CN: 户号, en: account number}"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f'{text.rstrip()}\n  "9": {{id: rent, name: {{zh-CN: 房租, en: rent}}, {number}}}\n', encoding="utf-8"
    )
    assert main(["flow", "check", "--root", str(folder), "--language", "en"]) == 1
    [told] = capsys.readouterr().out.splitlines()
    line = path.read_text(encoding="utf-8").rstrip().count("\n") + 1
    assert told.startswith(f"config.yaml:{line}:")
    assert "no menu offers the biller 'rent'" in told
