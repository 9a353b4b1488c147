"""The people who work here: accounts, roles, what each may do, how they sign in. Other domains have the same shape.

A file belongs to one of these, and each imports only what stands above it:

- rows: `models`; how they move: `states`;
- rules, pure, time an argument: `roles` `permissions` `passwords` `totp` `throttle` `session_lifetime` `certificates`;
- deeds, `(db, actor, ..., now)` in one transaction, the audit line last: `accounts` `credentials` `sessions` `devices`
  `attempts` `signing_in` `roster`; reading: `queries`;
- what happens by itself: `tasks`; the demonstration: `demo`.

Pages parse, do one deed and render: ivr/console/pages/{sign_in,account,second_factor,staff,roster}.py. Tests: rules
without a database and deeds on both in tests/centre/staff, pages over HTTP in tests/console, people in tests/browser.
"""
