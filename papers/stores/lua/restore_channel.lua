-- Put back what a backup holds of a channel, beside what the channel has by now. What it has is never overwritten.
-- KEYS: 1 channel, 2 subscriptions, 3 seen, 4 trended, 5 inbox, 6 channels, 7 changes, 8 feeds, 9 due, 10 preferences,
--       11 votes, 12 tallies, 13 lessons
-- ARGV: 1 destination, 2 now (ms), 3 highest length of the change log, 4 highest number, 5 settings as JSON,
--       6 '1' if instant, 7 '1' if paused, 8 next slot (ms; '' for none), 9 why it is suspended or '',
--       10 number of subscriptions, then three each: number, JSON, feed URL or ''; number of trended markers, markers;
--       number of seen papers, then two each: id, when (ms); number of preferences, then two each: name, word;
--       number of votes, then three each: paper, user, 1 or -1; number of lessons, then two each: paper, lesson
-- Settings are taken by a channel that never had any, preferences and lessons too, a suspension by one that was not
-- known at all. A paper that the channel was brought waits for it no more.
-- Answer: {subscriptions added, 1 if the settings were taken, seen papers added}; {-1} if a number holds another
--         subscription, in which case nothing changed.
-- Running it twice: the second time all of it is there.
local destination, now, at, added, taken, marked = ARGV[1], ARGV[2], 10, 0, 0, 0
local function take() at = at + 1; return ARGV[at - 1] end

local subscriptions = {}
for s = 1, tonumber(take()) do
  local one = {number = take(), json = take(), feed = take()}
  local held = redis.call('HGET', KEYS[2], one.number)
  if held and held ~= one.json then return {-1} end
  if not held then subscriptions[#subscriptions + 1] = one end
end
for _, one in ipairs(subscriptions) do
  redis.call('HSET', KEYS[2], one.number, one.json)
  if one.feed ~= '' then redis.call('HINCRBY', KEYS[8], one.feed, 1) end
  added = added + 1
end
for _ = 1, tonumber(take()) do redis.call('SADD', KEYS[4], take()) end
for _ = 1, tonumber(take()) do
  local id, when = take(), take()
  if redis.call('ZADD', KEYS[3], 'NX', when, id) == 1 then
    redis.call('HDEL', KEYS[5], id)
    marked = marked + 1
  end
end

local preferred = redis.call('EXISTS', KEYS[10]) == 1
for _ = 1, tonumber(take()) do
  local name, word = take(), take()
  if not preferred then redis.call('HSET', KEYS[10], name, word) end
end
for _ = 1, tonumber(take()) do
  local paper, user, vote = take(), take(), take()
  if redis.call('HSETNX', KEYS[11], paper .. '\t' .. user, vote) == 1 then
    redis.call('HINCRBY', KEYS[12], vote, 1)
    redis.call('HINCRBY', KEYS[12], paper .. '\t' .. vote, 1)
  end
end
local taught = redis.call('EXISTS', KEYS[13]) == 1
for _ = 1, tonumber(take()) do
  local paper, lesson = take(), take()
  if not taught then redis.call('HSET', KEYS[13], paper, lesson) end
end

if tonumber(redis.call('HGET', KEYS[1], 'last') or 0) < tonumber(ARGV[4]) then
  redis.call('HSET', KEYS[1], 'last', ARGV[4])
end
if redis.call('SADD', KEYS[6], destination) == 1 and ARGV[9] ~= '' then
  redis.call('HSET', KEYS[1], 'suspended', ARGV[9])
end
if redis.call('HSETNX', KEYS[1], 'settings', ARGV[5]) == 1 then
  taken = 1
  redis.call('HSET', KEYS[1], 'instant', ARGV[6], 'paused', ARGV[7])
  if ARGV[7] == '1' or redis.call('HEXISTS', KEYS[1], 'suspended') == 1 then redis.call('ZREM', KEYS[9], destination)
  elseif ARGV[8] ~= '' then redis.call('ZADD', KEYS[9], ARGV[8], destination)
  elseif redis.call('HLEN', KEYS[5]) > 0 then redis.call('ZADD', KEYS[9], now, destination) end
end
if added > 0 then redis.call('XADD', KEYS[7], 'MAXLEN', '~', ARGV[3], '*', 'destination', destination) end
return {added, taken, marked}
