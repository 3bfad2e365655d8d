-- Store papers if nobody else changed them meanwhile, and note which of them arrive, ask to be matched again, or rose,
-- and what they gained.
-- KEYS: 1 papers, 2 aliases, 3 days, 4 unmatched, 5 arrived in this scope, 6 changed, 7 risen, 8 since when gains count
-- ARGV: 1 now (ms), 2 scope, 3 '1' if arrivals are to be matched (a feed's baseline is not),
--       4 '1' if they belong to the archive, polled or backfilled, 5 key prefix of papers, 6 of titles, 7 of days, 8 of where papers are
--       fresh, 9 how long they are (ms), 10 of days' upvotes, 11 of days' stars, 12 of upvotes gained, 13 of stars
--       gained, 14 how long gains are kept (ms), 15 today (ISO), then fifteen a paper: id, JSON as it was read ('' if
--       absent), JSON to store, title key or '', ISO day or '', its other ids joined by tabs, its place in the archive
--       (ms), id of the paper that had its title as that was read, or '', '1' if it asks to be matched again, its mark
--       if it rose or '', upvotes, stars, ISO day that it gained on or '', upvotes gained, stars gained
-- To be matched again is to arrive again at the old time, under a name of its own: a worker that matches the paper as
-- it was until now must not take that away.
-- Answer: one line a paper: 'changed' (someone else was faster: read and merge again), 'new' or 'known'.
-- Running it twice: the second time finds what it would write and reports 'changed', and the retry finds 'known'.
local now, scope, announce, archive = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local answer = {}
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[8], ARGV[15], 'NX')

local function gained(prefix, day, id, by)
  if by == '0' then return end
  redis.call('ZINCRBY', prefix .. day, by, id)
  redis.call('PEXPIRE', prefix .. day, ARGV[14])
end

for i = 16, #ARGV, 15 do
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
      local came = ARGV[i+8] == '1' and redis.call('HGETALL', ARGV[8] .. id) or {}
      for c = 1, #came, 2 do
        if now - came[c+1] < tonumber(ARGV[9]) then
          redis.call('ZADD', KEYS[4], came[c+1], id .. '\t' .. came[c] .. '\t' .. redis.sha1hex(after))
        end
      end
      if ARGV[i+9] ~= '' then redis.call('ZADD', KEYS[7], clock, id .. '\t' .. ARGV[i+9]) end
      if ARGV[i+12] ~= '' then
        gained(ARGV[12], ARGV[i+12], id, ARGV[i+13])
        gained(ARGV[13], ARGV[i+12], id, ARGV[i+14])
      end
    end
    if title ~= '' then redis.call('SET', ARGV[6] .. title, id, 'NX') end
    for alias in other:gmatch('[^\t]+') do redis.call('HSET', KEYS[2], alias, id) end
    if archive then
      if redis.call('ZADD', KEYS[1], 'NX', ARGV[i+6], id) == 1 then redis.call('ZADD', KEYS[6], clock, id) end
    end
    if day ~= '' then
      local listed = archive and redis.call('SADD', ARGV[7] .. day, id) == 1
      if listed then redis.call('ZADD', KEYS[3], 'NX', day:gsub('-', ''), day) end
      if listed or (before ~= after and redis.call('SISMEMBER', ARGV[7] .. day, id) == 1) then
        redis.call('ZADD', ARGV[10] .. day, ARGV[i+10], id)
        redis.call('ZADD', ARGV[11] .. day, ARGV[i+11], id)
      end
    end
    local first = redis.call('SADD', KEYS[5], id) == 1
    if first and announce then
      redis.call('ZADD', KEYS[4], now, id .. '\t' .. scope)
      redis.call('HSET', ARGV[8] .. id, scope, now)
      redis.call('PEXPIRE', ARGV[8] .. id, ARGV[9])
    end
    answer[#answer + 1] = first and 'new' or 'known'
  end
end
return answer
