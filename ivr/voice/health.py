"""The endpoints /healthz (liveness), /readyz (readiness) and /metrics."""

import os
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.foundation.clock import steady
from ivr.platform.jobs.gauges import GaugeValue

Check = Callable[[], str | None]
KEPT_SECONDS = 1.0  # results are cached this long
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def blueprint(
    checks: Mapping[str, Check],
    figures: Callable[[], Iterable[GaugeValue]],
    cautions: Mapping[str, Check] | None = None,
) -> Blueprint:
    """/healthz, /readyz and /metrics; each check returns None, or the problem and the remedy.

    A failed check makes /readyz answer 503; a caution is only listed as a warning, since calls are still answered.
    """
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    found = _Found(checks, cautions or {})

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons, beside = found.now()
        if reasons:
            return jsonify(status="not ready", reasons=reasons), 503
        return jsonify(status="ready", **({"warnings": beside} if beside else {})), 200

    @health.get("/metrics")
    def metrics() -> Response:
        text = generate_latest(_counted()) + generate_latest(_gauges(figures()))
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return health


class _Found:
    """The cached results of the checks; one thread refreshes them after a second while the others wait."""

    def __init__(self, checks: Mapping[str, Check], cautions: Mapping[str, Check]) -> None:
        self._checks, self._cautions = checks, cautions
        self._lock = Lock()
        self._until = 0.0
        self._found: tuple[dict[str, str], dict[str, str]] = {}, {}

    def now(self) -> tuple[dict[str, str], dict[str, str]]:
        """Problems and warnings, by check name."""
        with self._lock:
            if steady() >= self._until:
                reasons = _told(self._checks)
                self._found = reasons, {} if reasons else _told(self._cautions)
                self._until = steady() + KEPT_SECONDS
            return self._found


def _told(checks: Mapping[str, Check]) -> dict[str, str]:
    return {name: reason for name, check in checks.items() if (reason := check()) is not None}


def _counted() -> CollectorRegistry:
    """The counters of this process, or of all workers if they share a folder."""
    if SHARED_FOLDER not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _gauges(figures: Iterable[GaugeValue]) -> CollectorRegistry:
    registry = CollectorRegistry()
    known: dict[str, Gauge] = {}
    for figure in figures:
        gauge = known.get(figure.name)
        if gauge is None:
            gauge = known[figure.name] = Gauge(figure.name, figure.meaning, tuple(figure.labels), registry=registry)
        (gauge.labels(**figure.labels) if figure.labels else gauge).set(figure.value)
    return registry
