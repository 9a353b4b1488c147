"""The journal as a file, for leaders: the calls of the filter, masked as on the page, and audited."""

from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, send_file

from ivr.centre.staff.permissions import Permission
from ivr.console import journal_filter
from ivr.console.access import needs
from ivr.console.journal_lines import Line, lines
from ivr.console.office import actor, now, office, reading, work
from ivr.console.spreadsheets import Cell, csv_lines, xlsx
from ivr.console.words import language, say
from ivr.console.words.journal import OUTCOMES
from ivr.db import Database, unit_of_work
from ivr.foundation.crypto import Keyring
from ivr.platform.audit.records import record
from ivr.reports import journal
from ivr.reports.filters import Filter
from ivr.reports.journal import Key

pages = Blueprint("export", __name__, url_prefix="/calls/export")
MOST = 50_000  # contacts in a file
BATCH = 1_000
HEADS = (
    "来电编号", "开始时间", "号码", "客户", "队列", "结果", "等候秒数", "座席", "通话秒数", "保持秒数", "小结秒数",
    "业务分类", "产品", "处理结果",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/calls.csv")
@needs(Permission.CALLS_EXPORT)
def as_csv() -> Response:
    """The calls as CSV."""
    answer = Response(csv_lines(_table("csv")), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={_name()}.csv"
    return answer


@pages.get("/calls.xlsx")
@needs(Permission.CALLS_EXPORT)
def as_xlsx() -> Response:
    """The calls as a workbook."""
    return send_file(xlsx(_table("xlsx")), XLSX, as_attachment=True, download_name=f"{_name()}.xlsx")


def _name() -> str:
    return f"calls-{now():%Y%m%d-%H%M}"


def _table(form: str) -> Iterator[Sequence[Cell]]:
    """Heads and rows; the export is written into the audit log before the first of them leaves."""
    given = journal_filter.given()
    with reading() as db:
        wanted = journal_filter.filter_of(db, given)
    told = {name: "set" if name in ("number", "customer") else value for name, value in given.items() if value}
    with work() as db:
        record(db, actor(), "calls_exported", "calls", now(), form=form, **told)
    words = _words()
    return _rows(office().database, office().keyring, wanted, [say(each) for each in HEADS], words)


def _words() -> Callable[[Line], Sequence[Cell]]:
    """Writes a line in the language of this page; rows are made when the request is over."""
    zone, sheet, chosen = office().zone, office().wrap_up, language()
    outcomes = {code: say(word[0]) for code, word in OUTCOMES.items()}

    def row(line: Line) -> Sequence[Cell]:
        each = line.contact
        return (
            each.call, f"{each.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}", line.number, line.name, each.queue,
            outcomes[each.outcome], _seconds(each.waited_seconds), each.agent, _seconds(each.talk_seconds),
            each.hold_seconds, _seconds(each.wrap_up_seconds),
            sheet.categories.get(each.category, {}).get(chosen, each.category),
            sheet.products.get(each.product, {}).get(chosen, each.product),
            sheet.dispositions.get(each.disposition, {}).get(chosen, each.disposition),
        )  # fmt: skip

    return row


def _seconds(value: float | None) -> Cell:
    return "" if value is None else round(value)


def _rows(
    database: Database, keyring: Keyring, wanted: Filter, heads: Sequence[str], row: Callable[[Line], Sequence[Cell]]
) -> Iterator[Sequence[Cell]]:
    yield heads
    after: Key | None = None
    for _ in range(MOST // BATCH):
        with unit_of_work.look(database) as db:
            found = journal.search(db, wanted, after, BATCH)
            made = [row(line) for line in lines(db, keyring, found)]
        yield from made
        if len(found) < BATCH:
            return
        after = found[-1].key
