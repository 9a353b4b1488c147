"""Working time: which days are worked, at which hours, and what is due when. Days are those of the bank's zone.

The days off and the make-up working days of a year stand in `calendar/<year>.yaml`; a year without its file is an
error wherever it matters. All but `read_calendar` is pure.
"""

from ivr.foundation.calendar.files import read_calendar, read_year
from ivr.foundation.calendar.spans import Spans, day_spans
from ivr.foundation.calendar.working import Calendar
from ivr.foundation.calendar.years import Holiday, Year

__all__ = ["Calendar", "Holiday", "Spans", "Year", "day_spans", "read_calendar", "read_year"]
