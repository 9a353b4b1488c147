"""The port to the core bank, and its two adapters: the embedded ledger and a remote core over HTTP."""
