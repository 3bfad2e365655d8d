-- A page of the union of sorted sets: highest first, equals by id. Members below 1 do not count.
-- KEYS: the sorted sets
-- ARGV: 1 how scores of one member become one (SUM, MAX), 2 how many of the highest are passed over, 3 how many follow
-- Answer: how many members count, then those on the page
-- Running it twice: it changes nothing. That the union is made here keeps thousands of members off the wire.
local union = {'ZUNION', #KEYS}
for _, key in ipairs(KEYS) do union[#union + 1] = key end
for _, word in ipairs({'AGGREGATE', ARGV[1], 'WITHSCORES'}) do union[#union + 1] = word end
local rows = redis.call(unpack(union))
local last, from, size = #rows, tonumber(ARGV[2]), tonumber(ARGV[3])
local answer, total = {0}, 0
while last > 0 and tonumber(rows[last]) >= 1 do
  local first = last  -- of those with this score, which stand here by id: they are taken from the first on
  while first > 2 and rows[first - 2] == rows[last] do first = first - 2 end
  for at = first, last, 2 do
    if total >= from and total < from + size then answer[#answer + 1] = rows[at - 1] end
    total = total + 1
  end
  last = first - 2
end
answer[1] = total
return answer
