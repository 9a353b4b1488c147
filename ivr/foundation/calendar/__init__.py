"""Working time: working days, their hours, and deadlines. Days are those of the bank's time zone.

The days off and make-up working days of a year are in `calendar/<year>.yaml`. A year without its file is counted by
weekends, with warnings in the log, by `flow check`, in /readyz and as a gauge. Everything is pure but `read_calendar`
and `CalendarFolder`.
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
