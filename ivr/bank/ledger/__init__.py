"""The embedded core bank: immutable double entries in the hotline's own database."""
