-- Put a sealed record in the place of another, if that one is still there.
-- KEYS: 1 vault
-- ARGV: 1 name, 2 the record to replace, 3 the new one
-- Answer: 1; 0 if something else is there, or nothing.
-- Running it twice: no two records are alike, as each has a nonce of its own, so the second run finds the new one there.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept == ARGV[3] then return 1 end
if kept ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
