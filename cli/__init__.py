"""The front door: the `paperboy` command, embedded Valkey and the supervisor."""
