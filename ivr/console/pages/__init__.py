"""One module for each domain's pages; a new module is only registered here."""

from flask import Blueprint

from ivr.console.pages import account, audit, desk, desk_customer, home, live, roster, second_factor, sign_in, staff

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
    desk_customer.pages,
)
