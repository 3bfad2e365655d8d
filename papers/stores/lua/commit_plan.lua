-- Turn what waits in a channel's inbox into deliveries, all or nothing.
-- KEYS: 1 due, 2 inbox, 3 seen, 4 outbox, 5 platform's outbox, 6 history, 7 channel, then the deliveries' hashes
-- ARGV: 1 destination, 2 when it was due as it was read (ms), 3 next slot (ms; '' for an instant channel), 4 now (ms),
--       5 deliveries kept in the history, 6 key prefix of what shows a paper, 7 how long that is kept (ms), 8 number of
--       papers leaving the inbox, each one's id and field as it was read, then number of papers brought, two each: id,
--       id of the delivery that brings it, then four a delivery: id, JSON, when due (ms), parent id or ''
-- Answer: 1; 0 if this plan came too late, in which case no paper moved: the channel is not due as it was read to be, or
--         by another kind of schedule, or a paper has left the inbox or got another match since, or the slot was
--         planned before (a clock went back; then the next slot is set).
-- Running it twice: the second time the due time has moved or the papers are gone, so it answers 0.
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or -1) ~= tonumber(ARGV[2]) then return 0 end
local destination, slot, now, at = ARGV[1], ARGV[3], ARGV[4], 8
local function take() at = at + 1; return ARGV[at - 1] end
local instant = redis.call('HGET', KEYS[7], 'instant')
if (instant == '1' and slot ~= '') or (instant == '0' and slot == '') then return 0 end
local planned = redis.call('HGET', KEYS[7], 'planned') == ARGV[2]
if slot ~= '' and (planned or (KEYS[8] and redis.call('EXISTS', KEYS[8]) == 1)) then
  redis.call('ZADD', KEYS[1], slot, destination)
  return 0
end
local taken = {}
for _ = 1, tonumber(take()) do
  taken[#taken + 1] = take()
  if redis.call('HGET', KEYS[2], taken[#taken]) ~= take() then return 0 end
end
for _, id in ipairs(taken) do redis.call('HDEL', KEYS[2], id) end
if slot ~= '' and #KEYS > 7 then redis.call('HSET', KEYS[7], 'planned', ARGV[2]) end
local clock = redis.call('TIME')
for _ = 1, tonumber(take()) do
  local id, delivery = take(), take()
  local shown = ARGV[6] .. id
  redis.call('ZADD', KEYS[3], 'NX', now, id)
  redis.call('ZADD', shown, clock[1] * 1000 + math.floor(clock[2] / 1000), destination .. '\t' .. delivery)
  redis.call('PEXPIRE', shown, ARGV[7])
end
for d = 8, #KEYS do
  local id, json, due, parent = take(), take(), take(), take()
  if redis.call('EXISTS', KEYS[d]) == 0 then
    redis.call('HSET', KEYS[d], 'json', json, 'state', 'pending', 'due', due, 'parent', parent, 'at', now, 'tries', 0)
    redis.call('ZADD', KEYS[4], due, id)
    redis.call('LPUSH', KEYS[6], id)
  end
end
redis.call('LTRIM', KEYS[6], 0, ARGV[5] - 1)
local first = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[5], 'LT', first[2], destination) end
if slot ~= '' then redis.call('ZADD', KEYS[1], slot, destination)
elseif redis.call('HLEN', KEYS[2]) > 0 then redis.call('ZADD', KEYS[1], now, destination)
else redis.call('ZREM', KEYS[1], destination) end
return 1
