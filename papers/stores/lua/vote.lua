-- Write down what a user thinks of a paper in a channel, count, and let the channel's topics learn from it.
-- KEYS: 1 votes, 2 tallies, 3 channels, 4 lessons, 5 changes
-- ARGV: 1 destination, 2 paper, 3 user, 4 vote: 1, -1, or 0 for none any more, 5 now (ms), 6 marks of the topics that it
--       is a lesson for, apart by commas, or '', 7 the lesson's JSON, 8 most lessons kept,
--       9 highest length of the change log
-- Answer: {how many 👍 the paper has here, how many 👎}.
-- A lesson for no topic leaves the paper's lesson as it is, if it has one, but for the counts.
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
local up, down = tonumber(counted[1] or 0), tonumber(counted[2] or 0)

local function drop_oldest()
  local lessons, oldest, since = redis.call('HGETALL', KEYS[4]), nil, math.huge
  for i = 1, #lessons, 2 do
    local at = tonumber(lessons[i + 1]:match('^%d+\t%d+\t(%d+)'))
    if at < since then oldest, since = lessons[i], at end
  end
  redis.call('HDEL', KEYS[4], oldest)
end

local held = redis.call('HGET', KEYS[4], ARGV[2])
local lesson = held and held:match('^%d+\t%d+\t%d+\t(.*)$')
if ARGV[6] ~= '' then lesson = ARGV[6] .. '\t' .. ARGV[7] end
if lesson then
  if up == down then
    redis.call('HDEL', KEYS[4], ARGV[2])
  else
    redis.call('HSET', KEYS[4], ARGV[2], table.concat({up, down, ARGV[5], lesson}, '\t'))
    if redis.call('HLEN', KEYS[4]) > tonumber(ARGV[8]) then drop_oldest() end
  end
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[9], '*', 'destination', ARGV[1])
end
return {up, down}
