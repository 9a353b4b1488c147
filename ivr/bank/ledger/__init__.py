"""The embedded core bank: double-entry bookkeeping in the hotline's own database."""
