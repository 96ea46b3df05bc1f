"""Palabre's application: boards, their log, the sealed urns, the pages. The live socket stands outside, in `realtime/`."""
