-- Take one from an allowance, if there is one left.
-- KEYS: 1 allowance: `used`, the instant up to which it is used up, and `last`, the last call that took one
-- ARGV: 1 interval (ms) in which one comes back, 2 how many may be taken at once, 3 this call
-- Answer: 0, or how many ms until one is left; nothing changed then.
-- Time is the server's. The generic cell rate algorithm, as in claim.lua.
-- Running it twice: the second time it finds that this call has taken one, and answers 0.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local spent = redis.call('HMGET', KEYS[1], 'used', 'last')
if spent[2] == ARGV[3] then return 0 end
local used = math.max(tonumber(spent[1] or 0), now)
local wait = math.ceil(used - (burst - 1) * interval - now)
if wait > 0 then return wait end
redis.call('HSET', KEYS[1], 'used', used + interval, 'last', ARGV[3])
redis.call('PEXPIRE', KEYS[1], math.max(math.ceil(used + interval - now), 1))
return 0
