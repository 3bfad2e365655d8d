-- Arrivals that a shard has not matched yet, oldest first.
-- KEYS: 1 unmatched, 2 matched by some shards
-- ARGV: 1 how many at most, 2 the shard (`1/2`), 3 how many shards there are
-- Answer: member and score of each, one after the other. Nothing is changed.
local found, at, step = {}, 0, 1000
while #found < ARGV[1] * 2 do
  local rows = redis.call('ZRANGE', KEYS[1], at, at + step - 1, 'WITHSCORES')
  if #rows == 0 then break end
  for i = 1, #rows, 2 do
    local by = ARGV[3] ~= '1' and redis.call('HGET', KEYS[2], rows[i]) or ''
    if #found < ARGV[1] * 2 and not (by or ''):find(ARGV[2] .. ' ', 1, true) then
      found[#found + 1], found[#found + 2] = rows[i], rows[i + 1]
    end
  end
  at = at + step
end
return found
