"""RQ: the jobs that fetch, match and plan, and the sweeper that rings for them."""
