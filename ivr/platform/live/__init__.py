"""Live pages: a deed says in its transaction what it changed, and the pages that show it hear of it after the commit.

`from ivr.platform import live; live.changed(db, "staff")`. docs/decisions/0031 says why it is made this way.
"""

from ivr.platform.live.listening import Heard, Listener
from ivr.platform.live.topics import changed, versions

__all__ = ["Heard", "Listener", "changed", "versions"]
