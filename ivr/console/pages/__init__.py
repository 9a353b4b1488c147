"""One module for each domain's pages; a new module is only registered here."""

from flask import Blueprint

from ivr.console.pages import (
    account,
    agent_days,
    audit,
    calls,
    desk,
    desk_customer,
    desk_device,
    export,
    figures,
    floor,
    home,
    live,
    recordings,
    roster,
    second_factor,
    sign_in,
    staff,
    steering,
    wallboard,
)

PAGES: tuple[Blueprint, ...] = (
    home.pages,
    sign_in.pages,
    account.pages,
    second_factor.pages,
    roster.pages,
    staff.pages,
    audit.pages,
    live.pages,
    desk.pages,
    floor.pages,
    steering.pages,
    wallboard.pages,
    desk_customer.pages,
    calls.pages,
    export.pages,
    figures.pages,
    recordings.pages,
    agent_days.pages,
    desk_device.pages,
)
