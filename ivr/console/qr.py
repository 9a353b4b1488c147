"""A QR code as a picture: an image of its own, since the pages allow nothing inline."""

import io

import segno

QUIET = 4  # modules of white around it (ISO/IEC 18004, 6.3.8): light in a dark page too
SCALE = 5  # pixels a module


def picture(text: str) -> bytes:
    """An SVG of this text: error correction of level M at least, the smallest size that holds it."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        drawn, kind="svg", scale=SCALE, border=QUIET, dark="#000", light="#fff", nl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue()
