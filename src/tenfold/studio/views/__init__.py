"""The views of the studio: one module each.

To add a view, write a module here that defines a ``View``, add it to ``VIEWS`` in ``registry.py``,
and add the page's side: ``static/views/NAME.js`` with its icon ``NAME.svg`` and, if needed, its
styles ``NAME.css``.
"""
