"""The rules of Palabre, pure: no Flask, no SQL, no sockets, no clock, no randomness, no logging.

Everything a rule needs (who acts, what time it is, fresh ids, the contents of an urn) comes in as an argument.
"""
