-- Write down what a user thinks of a paper in a channel, and count.
-- KEYS: 1 votes, 2 tallies, 3 channels
-- ARGV: 1 destination, 2 paper, 3 user, 4 vote: 1, -1, or 0 for none any more
-- Answer: {how many 👍 the paper has here, how many 👎}.
-- It is told the vote, not to turn it over. Running it twice: the second time the vote is as told, and nothing counts.
local field = ARGV[2] .. '\t' .. ARGV[3]

local function count(vote, by)
  redis.call('HINCRBY', KEYS[2], vote, by)
  redis.call('HINCRBY', KEYS[2], ARGV[2] .. '\t' .. vote, by)
end

local before = redis.call('HGET', KEYS[1], field) or '0'
if before ~= ARGV[4] then
  if before ~= '0' then count(before, -1) end
  if ARGV[4] == '0' then
    redis.call('HDEL', KEYS[1], field)
  else
    count(ARGV[4], 1)
    redis.call('HSET', KEYS[1], field, ARGV[4])
    redis.call('SADD', KEYS[3], ARGV[1])
  end
end
local counted = redis.call('HMGET', KEYS[2], ARGV[2] .. '\t1', ARGV[2] .. '\t-1')
return {tonumber(counted[1] or 0), tonumber(counted[2] or 0)}
