"""Is the process alive, is it ready, and its figures."""

import os
from collections.abc import Callable, Iterable, Mapping

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.calls.standing import Figure

Check = Callable[[], str | None]
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def blueprint(checks: Mapping[str, Check], figures: Callable[[], Iterable[Figure]]) -> Blueprint:
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
        text = generate_latest(_counted()) + generate_latest(_gauges(figures()))
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return health


def _counted() -> CollectorRegistry:
    """What this process counted, or all workers together where they share a folder."""
    if SHARED_FOLDER not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _gauges(figures: Iterable[Figure]) -> CollectorRegistry:
    registry = CollectorRegistry()
    known: dict[str, Gauge] = {}
    for figure in figures:
        gauge = known.get(figure.name)
        if gauge is None:
            gauge = known[figure.name] = Gauge(figure.name, figure.meaning, tuple(figure.labels), registry=registry)
        (gauge.labels(**figure.labels) if figure.labels else gauge).set(figure.value)
    return registry
