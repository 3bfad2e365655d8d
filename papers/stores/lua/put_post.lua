-- Take a post into a terminal channel, once.
-- KEYS: 1 posts, 2 order
-- ARGV: 1 delivery id, 2 post as JSON
-- Answer: the post's number in its channel, from 1: that of the first time if the delivery was posted before.
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then return redis.call('RPUSH', KEYS[2], ARGV[1]) end
return redis.call('LPOS', KEYS[2], ARGV[1]) + 1
