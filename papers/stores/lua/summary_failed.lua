-- Give a claim up, count the failure, and rest once there were several in a row.
-- KEYS: 1 the summary, 2 failures in a row, 3 the rest
-- ARGV: 1 the claim, 2 failures that are enough, 3 how long to rest (ms), 4 how long a failure counts (ms), 5 '1' to rest at
--       once, as the endpoint asked for it
-- Answer: '1' if a rest began.
-- The count outlasts the rest: the first failure after it begins another.
-- Running it twice: the second time the claim is gone, and nothing is counted.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
local failures = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if failures < tonumber(ARGV[2]) and ARGV[5] ~= '1' then return 0 end
redis.call('SET', KEYS[3], failures, 'PX', ARGV[3])
return 1
