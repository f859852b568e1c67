"""The command line: parse, call, print. No mathematics.

Every module here imports only Typer at the top, so that ``tenfold --help`` is quick; what a
command needs is imported when it runs.
"""
