-- Put hits into channels' inboxes, unless the channel was brought the paper already, or is deleted.
-- KEYS: 1 due, then four a channel: inbox, seen, channel, trended
-- ARGV: 1 now (ms), 2 number of channels, then a channel: destination, number of markers, markers (number:day of
--       trending subscriptions served by these hits), number of papers, then a paper: id, JSON array of hits
-- Answer: how many papers were put.
-- Running it twice: the same fields are set to the same values, so the second run changes nothing that matters.
local now, put, at = ARGV[1], 0, 3
local function take() at = at + 1; return ARGV[at - 1] end
for c = 1, tonumber(ARGV[2]) do
  local inbox, seen, channel, trended = KEYS[c * 4 - 2], KEYS[c * 4 - 1], KEYS[c * 4], KEYS[c * 4 + 1]
  local destination, here = take(), 0
  local is_known = redis.call('EXISTS', channel) == 1 -- else what it wanted was compiled before it was deleted
  for _ = 1, tonumber(take()) do
    local marker = take()
    if is_known then redis.call('SADD', trended, marker) end
  end
  for _ = 1, tonumber(take()) do
    local id, hits = take(), take()
    if is_known and not redis.call('ZSCORE', seen, id) then
      local old = redis.call('HGET', inbox, id)
      -- a later batch may add another subscription's hit: keep both, the planner sorts them out
      if old and old ~= hits then hits = old:sub(1, -2) .. ',' .. hits:sub(2) end
      redis.call('HSET', inbox, id, hits)
      here = here + 1
    end
  end
  local held = redis.call('HMGET', channel, 'instant', 'paused', 'suspended')
  if here > 0 and held[1] ~= '0' and held[2] ~= '1' and not held[3] then
    redis.call('ZADD', KEYS[1], 'NX', now, destination)
  end
  put = put + here
end
return put
