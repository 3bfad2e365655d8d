-- Keep a subscription under its channel's next number, or in place of the one it replaces.
-- KEYS: 1 channel, 2 subscriptions, 3 channels, 4 changes, 5 feeds
-- ARGV: 1 destination, 2 number it replaces ('' for a new one), 3 its JSON before ('' for a new one),
--       4 highest count of subscriptions, 5 feed URL or '', 6 feed URL before or '', 7 highest length of the change log,
--       8 JSON without a number, which is the hash's field
-- Running it twice: the JSON holds the instant of its making, so the second run finds it there and answers its number.
-- Answer: the number; 0 if the one to replace was changed by somebody else; -1 if the channel is full.
local number = tonumber(ARGV[2])
if number then
  if redis.call('HGET', KEYS[2], number) == ARGV[8] then return number end
  if redis.call('HGET', KEYS[2], number) ~= ARGV[3] then return 0 end
else
  local last = tonumber(redis.call('HGET', KEYS[1], 'last') or 0)
  if redis.call('HGET', KEYS[2], last) == ARGV[8] then return last end
  if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then return -1 end
  number = redis.call('HINCRBY', KEYS[1], 'last', 1)
end
redis.call('HSET', KEYS[2], number, ARGV[8])
if ARGV[5] ~= ARGV[6] then
  if ARGV[5] ~= '' then redis.call('HINCRBY', KEYS[5], ARGV[5], 1) end
  if ARGV[6] ~= '' and redis.call('HINCRBY', KEYS[5], ARGV[6], -1) <= 0 then redis.call('HDEL', KEYS[5], ARGV[6]) end
end
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 'destination', ARGV[1])
return number
