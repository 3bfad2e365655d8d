-- Store papers if nobody else changed them meanwhile, and note which of them arrive.
-- KEYS: 1 papers, 2 aliases, 3 days, 4 unmatched, 5 arrived in this scope, 6 changed
-- ARGV: 1 now (ms), 2 scope, 3 '1' if arrivals are to be matched (a feed's baseline is not),
--       4 '1' if the papers belong to the archive, 5 key prefix of papers, 6 of titles, 7 of days, then eight a
--       paper: id, JSON as it was read ('' if absent), JSON to store, title key or '', ISO day or '', its other ids
--       joined by tabs, its place in the archive (ms), id of the paper that had its title as that was read, or ''
-- Answer: one line a paper: 'changed' (someone else was faster: read and merge again), 'new' or 'known'.
-- Running it twice: the second time finds what it would write and reports 'changed', and the retry finds 'known'.
local now, scope, announce, archive = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local answer = {}
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 8, #ARGV, 8 do
  local id, before, after, title, day, other = ARGV[i], ARGV[i+1], ARGV[i+2], ARGV[i+3], ARGV[i+4], ARGV[i+5]
  local key = ARGV[5] .. id
  local fresh = before == '' and title ~= ''
  if (redis.call('GET', key) or '') ~= before
    or (fresh and (redis.call('GET', ARGV[6] .. title) or '') ~= ARGV[i+7]) then
    answer[#answer + 1] = 'changed'
  else
    if before ~= after then
      redis.call('SET', key, after)
      redis.call('ZADD', KEYS[6], clock, id)
    end
    if title ~= '' then redis.call('SET', ARGV[6] .. title, id, 'NX') end
    for alias in other:gmatch('[^\t]+') do redis.call('HSET', KEYS[2], alias, id) end
    if archive then
      redis.call('ZADD', KEYS[1], 'NX', ARGV[i+6], id)
      if day ~= '' then
        redis.call('SADD', ARGV[7] .. day, id)
        redis.call('ZADD', KEYS[3], 'NX', day:gsub('-', ''), day)
      end
    end
    local first = redis.call('SADD', KEYS[5], id) == 1
    if first and announce then redis.call('ZADD', KEYS[4], now, id .. '\t' .. scope) end
    answer[#answer + 1] = first and 'new' or 'known'
  end
end
return answer
