"""The compared applications: the hotline, and a Flask endpoint that returns a constant TwiML string."""

from flask import Flask, Response

import app as hotline
from bench import bundles
from ivr.db import Database
from ivr.installation import Installation

CONTENT_TYPE = "text/xml; charset=utf-8"
CONSTANT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather action="/voice" method="POST" timeout="6" numDigits="1">'
    f'<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">{bundles.MENU}</Say></Gather>'
    '<Redirect method="POST">/voice</Redirect></Response>'
)


def product() -> Flask:
    """The hotline with the bundle of its database: `app:app` without publishing the folder's flows first."""
    return hotline.build(Installation.here())


def product_full() -> Flask:
    """The same, but every turn commits as money does: SQLite FULL, PostgreSQL synchronous_commit on."""
    installation = Installation.here()
    installation.__dict__["database"] = Database(installation.database.durable, installation.database.durable)
    return hotline.build(installation)


def constant() -> Flask:
    """A Flask application with a constant answer."""
    app = Flask("constant", static_folder=None)

    @app.post("/voice")
    def voice() -> Response:
        return Response(CONSTANT, content_type=CONTENT_TYPE)

    return app
