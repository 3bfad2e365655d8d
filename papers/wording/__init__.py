"""The sentences that every platform shares: plain text made from values, without markup of any kind.

What a sentence quotes (topics, names, sources) went through `papers.text.clean`; escaping it for Slack, Discord or a
terminal is the renderer's affair.
"""
