-- Write down how a poll ended, if its lease still stands, and end the lease.
-- KEYS: 1 lease, 2 source, 3 sources due
-- ARGV: 1 lease's token, 2 source name, 3 next poll (ms, or inf for never), then fields and values for the source's hash
-- Answer: 1; 0 if the lease had run out, in which case nothing changed: whoever holds it now will write.
-- Running it twice: the second time the lease is gone, so it answers 0.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], unpack(ARGV, 4))
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
redis.call('DEL', KEYS[1])
return 1
