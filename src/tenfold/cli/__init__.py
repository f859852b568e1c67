"""The command line: parse, call, print. No mathematics.

The modules here import only Typer at the top, so that ``tenfold --help`` is fast; a command imports
what it needs when it runs. To add a command ``NAME``, write ``commands/NAME.py`` with a function
``NAME``, and add the name to ``COMMANDS`` in ``main.py``.
"""
