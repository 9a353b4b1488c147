"""Working time: working days, their hours, and deadlines. Days are those of the bank's time zone.

The days off and make-up working days of a year are in `calendar/<year>.yaml`. A missing file raises an error wherever
the year is needed. Everything but `read_calendar` is pure.
"""

from ivr.foundation.calendar.files import read_calendar, read_year
from ivr.foundation.calendar.spans import Spans, day_spans
from ivr.foundation.calendar.working import Calendar
from ivr.foundation.calendar.years import Holiday, Year

__all__ = ["Calendar", "Holiday", "Spans", "Year", "day_spans", "read_calendar", "read_year"]
