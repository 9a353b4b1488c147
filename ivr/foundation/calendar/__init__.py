"""Working time: which days are worked, at which hours, and what is due when. Days are those of the bank's zone.

The days off and the make-up working days of a year stand in `calendar/<year>.yaml`. A year without its file is counted
by weekends and told of: in the log, by `flow check`, /readyz and a gauge. All is pure but `read_calendar` and
`CalendarFolder`.
"""

from ivr.foundation.calendar.files import CalendarFaults, read_calendar, read_year
from ivr.foundation.calendar.folder import CalendarFolder
from ivr.foundation.calendar.spans import Spans, day_spans
from ivr.foundation.calendar.working import Calendar
from ivr.foundation.calendar.years import Holiday, Year, missing_days, missing_years

__all__ = [
    "Calendar",
    "CalendarFaults",
    "CalendarFolder",
    "Holiday",
    "Spans",
    "Year",
    "day_spans",
    "missing_days",
    "missing_years",
    "read_calendar",
    "read_year",
]
