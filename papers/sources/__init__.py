"""Where papers come from: bytes in, `Digest` out. Nothing here stores, schedules or retries.

http ← network ← addresses       a bounded GET, to the public internet only
huggingface                      the Daily Papers
feed → parse_child → markup      any RSS or Atom feed, parsed in a process that can be killed
identity                         when two entries are one paper, and what its one card then holds
"""
