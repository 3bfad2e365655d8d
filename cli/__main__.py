"""`python -m cli` is `paperboy`."""

from cli.main import main

main()
