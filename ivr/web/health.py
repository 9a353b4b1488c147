"""Is the process alive, is it ready, and its figures."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], str | None]


def blueprint(checks: Mapping[str, Check]) -> Blueprint:
    """/healthz, /readyz and /metrics; each check gives None, or what is wrong and what to do."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons = {name: reason for name, check in checks.items() if (reason := check()) is not None}
        if reasons:
            return jsonify(status="not ready", reasons=reasons), 503
        return jsonify(status="ready"), 200

    @health.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return health
