"""Coverage-guided fuzzing of all that reads strangers' bytes, by atheris (https://github.com/google/atheris).

    pip install atheris
    python -m benchmarks.fuzz --target normaliser --minutes 5 [--runs 1000000] [--corpus FOLDER]

atheris is a tool of whoever develops Paperboy, and no dependency of it.
"""
