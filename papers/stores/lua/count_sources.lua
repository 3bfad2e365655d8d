-- How the sources fare.
-- KEYS: 1 sources due
-- ARGV: 1 prefix of a source's key, 2 now (ms), 3 how many sources are looked at, those that are due first
-- Answer: {polled, failing, paused, ms since the first of them was due}
-- It reads the sources' own hashes too, whose names it makes; there is no cluster to mind.
local names = redis.call('ZRANGE', KEYS[1], 0, ARGV[3] - 1)
local failing = 0
for _, name in ipairs(names) do
  local since = redis.call('HGET', ARGV[1] .. name, 'failing_at')
  if since and since ~= '' then failing = failing + 1 end
end
local paused = redis.call('ZCOUNT', KEYS[1], 'inf', 'inf')
local first = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[2], 'WITHSCORES', 'LIMIT', 0, 1)
local late = 0
if first[2] then late = math.floor(ARGV[2] - first[2]) end
-- a source that was given up fails too: it is counted once
return {redis.call('ZCARD', KEYS[1]), math.max(failing - paused, 0), paused, late}
