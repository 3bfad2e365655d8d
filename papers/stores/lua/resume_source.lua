-- Poll a source again that was given up, now; what is remembered of its failures is forgotten.
-- KEYS: 1 source, 2 sources due
-- ARGV: 1 source name, 2 now (ms), then fields and values for the source's hash
-- Answer: 1; 0 if it was not given up, in which case nothing changed.
-- Running it twice: the second time it is polled already, so it answers 0.
if redis.call('ZSCORE', KEYS[2], ARGV[1]) ~= 'inf' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
