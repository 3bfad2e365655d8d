-- End a lease that is still ours.
-- KEYS: 1 lease
-- ARGV: 1 its token
-- Answer: 1; 0 if it had run out, in which case nothing changed: it may be somebody else's by now.
-- Running it twice: the second time it is gone, so it answers 0.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
