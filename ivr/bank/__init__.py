"""The core bank behind one port, and the embedded bank that fills it on one machine."""
