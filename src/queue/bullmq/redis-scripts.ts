/**
 * The book in Redis. Keys, all under one prefix:
 *
 * - `job:ID` hash of a job; `ids:GROUP` set of all but the dead ones of a group
 * - `line:KIND:LANE:PRIORITY:GROUP` who waits, by number; `lines:GROUP` hash of a group's lines and its turn
 * - `ready:KIND:LANE` the lines in the order of their turn, `held:KIND:LANE` those of held groups
 * - `delayed` by the time they may start, `out` by the time they were taken, `dead` and `dead:GROUP` by id
 * - `counts`, `pending` (taken, not begun), `lanes`, `tokens:LANE`, `heldgroups`, `heldall`, and the counters `seq`, `turn`,
 *   `claim`
 *
 * Redis without free memory refuses the first command of a script that needs some, and none once the script has written.
 * So scripts that add begin with such a command and fail whole; scripts that end something begin by removing.
 */
const common = `
local P = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function key(name) return P .. ':' .. name end
local function call(...) return redis.call(...) end
local function whole(n) return string.format('%.0f', n) end
local function count(state, kind, by) call('HINCRBY', key('counts'), state .. ' ' .. kind, by) end
local function score(priority, turn) return whole(priority * 17592186044416 + turn) end
local function lineKey(j) return key('line:' .. j.kind .. ':' .. j.lane .. ':' .. j.priority .. ':' .. j.group) end
local function lineField(j) return j.kind .. ':' .. j.lane .. ':' .. j.priority end
local function isHeld(group) return call('SISMEMBER', key('heldgroups'), group) == 1 end
local function shelf(held, kind, lane) return key((held and 'held:' or 'ready:') .. kind .. ':' .. lane) end

local fields = { 'kind', 'group', 'priority', 'lane', 'seq', 'state', 'attempt', 'claim', 'run', 'lost' }
local function read(id)
  local values = call('HMGET', key('job:' .. id), unpack(fields))
  if not values[1] then return nil end
  local j = { id = id }
  for i, name in ipairs(fields) do j[name] = values[i] end
  j.lost = tonumber(j.lost or 0)
  return j
end

-- A group that comes anew takes its place behind those that wait already.
local function enter(j)
  call('ZADD', lineKey(j), j.seq, j.id)
  local lines, field = key('lines:' .. j.group), lineField(j)
  if call('HEXISTS', lines, field) == 1 then return end
  local turn = call('HGET', lines, 'turn')
  if not turn then
    turn = call('INCR', key('turn'))
    call('HSET', lines, 'turn', turn)
  end
  call('HSET', lines, field, 1)
  call('SADD', key('lanes'), j.lane)
  call('ZADD', shelf(isHeld(j.group), j.kind, j.lane), score(j.priority, turn), j.priority .. '|' .. j.group)
end

-- Out of whatever state a job is in, all but its hash.
local function leave(j)
  if j.state == 'out' then
    call('ZREM', key('out'), j.id)
    if j.run == '0' then
      call('HINCRBY', key('pending'), j.kind, -1)
      count('waiting', j.kind, -1)
    else
      count('running', j.kind, -1)
    end
  elseif j.state == 'delayed' then
    call('ZREM', key('delayed'), j.id)
    count('delayed', j.kind, -1)
  elseif j.state == 'dead' then
    call('ZREM', key('dead'), j.id)
    call('ZREM', key('dead:' .. j.group), j.id)
    count('dead', j.kind, -1)
  elseif j.state == 'waiting' then
    count('waiting', j.kind, -1)
  end
end

local function toWaiting(j, attempt, lost)
  leave(j)
  call('HSET', key('job:' .. j.id), 'state', 'waiting', 'attempt', attempt, 'lost', lost, 'claim', 0, 'run', 0)
  call('HDEL', key('job:' .. j.id), 'progress', 'reason', 'died')
  call('SADD', key('ids:' .. j.group), j.id)
  count('waiting', j.kind, 1)
  enter(j)
end

-- Tries and losses of a taken job as they are without the try under way: whoever had begun one has disappeared.
local function unbegun(j)
  if j.run == '0' then return j.attempt, j.lost end
  return j.attempt - 1, j.lost + 1
end

local function toDelayed(j, attempt, ms)
  leave(j)
  call('HSET', key('job:' .. j.id), 'state', 'delayed', 'attempt', attempt, 'claim', 0, 'run', 0)
  call('ZADD', key('delayed'), whole(now + ms), j.id)
  count('delayed', j.kind, 1)
end

local function toDead(j, reason, diedAt)
  leave(j)
  call('HSET', key('job:' .. j.id), 'state', 'dead', 'reason', reason, 'died', diedAt)
  call('SREM', key('ids:' .. j.group), j.id)
  call('ZADD', key('dead'), 0, j.id)
  call('ZADD', key('dead:' .. j.group), 0, j.id)
  count('dead', j.kind, 1)
end

local function forget(j)
  leave(j)
  call('DEL', key('job:' .. j.id))
  call('SREM', key('ids:' .. j.group), j.id)
end

local function running(id, run)
  local j = read(id)
  if j and j.state == 'out' and j.run == run and run ~= '0' then return j end
  return nil
end

local function whole_job(id)
  local v = call('HMGET', key('job:' .. id), 'kind', 'group', 'priority', 'lane', 'payload', 'attempt', 'reason', 'died')
  return { id, v[1], v[2], v[3], v[4], v[5], v[6], v[7] or '', v[8] or '' }
end
`;

const scripts = {
  // jobs as JSON
  add: `
local jobs, added = cjson.decode(ARGV[1]), 0
for _, j in ipairs(jobs) do
  local hash = key('job:' .. j.id)
  if call('EXISTS', hash) == 0 then
    j.seq = call('INCR', key('seq'))
    local state = j.delay > 0 and 'delayed' or 'waiting'
    call('HSET', hash, 'kind', j.kind, 'group', j.group, 'priority', j.priority, 'lane', j.lane, 'payload', j.payload,
      'seq', j.seq, 'state', state, 'attempt', 0, 'lost', 0, 'claim', 0, 'run', 0)
    call('SADD', key('ids:' .. j.group), j.id)
    count(state, j.kind, 1)
    if j.delay > 0 then call('ZADD', key('delayed'), whole(now + j.delay), j.id) else enter(j) end
    added = added + 1
  end
end
return added`,

  // kinds as JSON, free, rates as JSON { lane: [per minute, burst] }
  take: `
local kinds, free, rates = cjson.decode(ARGV[1]), tonumber(ARGV[2]), cjson.decode(ARGV[3])
for _, id in ipairs(call('ZRANGEBYSCORE', key('delayed'), '-inf', now, 'LIMIT', 0, 500)) do
  local j = read(id)
  if j then toWaiting(j, j.attempt, j.lost) else call('ZREM', key('delayed'), id) end
end
for _, kind in ipairs(kinds) do free = free - tonumber(call('HGET', key('pending'), kind) or '0') end
if free <= 0 or call('EXISTS', key('heldall')) == 1 then return {} end

local lanes = {}
for _, lane in ipairs(call('SMEMBERS', key('lanes'))) do
  local rate, tokens = rates[lane], nil
  if rate then
    local saved = call('HMGET', key('tokens:' .. lane), 'tokens', 'at')
    tokens = rate[2]
    if saved[1] then tokens = math.min(rate[2], saved[1] + math.max(0, now - saved[2]) * rate[1] / 60000) end
  end
  table.insert(lanes, { name = lane, tokens = tokens })
end

local function nextLine()
  local best
  for _, lane in ipairs(lanes) do
    if not lane.tokens or lane.tokens >= 1 then
      for _, kind in ipairs(kinds) do
        local first = call('ZRANGE', shelf(false, kind, lane.name), 0, 0, 'WITHSCORES')
        if first[1] and (not best or tonumber(first[2]) < best.score) then
          local priority, group = string.match(first[1], '^(%d)|(.*)$')
          best = { score = tonumber(first[2]), kind = kind, lane = lane.name, priority = priority, group = group,
            lane_ = lane, member = first[1] }
        end
      end
    end
  end
  return best
end

local taken = {}
while #taken < free do
  local line = nextLine()
  if not line then break end
  local id = call('ZPOPMIN', lineKey(line))[1]
  local lines = key('lines:' .. line.group)
  if call('EXISTS', lineKey(line)) == 0 then
    call('ZREM', shelf(false, line.kind, line.lane), line.member)
    call('HDEL', lines, lineField(line))
  end
  if call('HLEN', lines) <= 1 then
    call('DEL', lines)
  else
    local turn = call('INCR', key('turn'))
    for _, field in ipairs(call('HKEYS', lines)) do
      if field == 'turn' then
        call('HSET', lines, 'turn', turn)
      else
        local kind, lane, priority = string.match(field, '^([^:]*):([^:]*):(%d)$')
        call('ZADD', shelf(false, kind, lane), 'XX', score(priority, turn), priority .. '|' .. line.group)
      end
    end
  end
  if id then
    local claim = call('INCR', key('claim'))
    call('HSET', key('job:' .. id), 'state', 'out', 'claim', claim, 'run', 0)
    call('ZADD', key('out'), now, id)
    call('HINCRBY', key('pending'), line.kind, 1)
    if line.lane_.tokens then
      line.lane_.tokens = line.lane_.tokens - 1
      call('HSET', key('tokens:' .. line.lane), 'tokens', tostring(line.lane_.tokens), 'at', now)
    end
    table.insert(taken, { id, line.kind, claim })
  end
end
return taken`,

  // id, claim, losses, reason, diedAt
  start: `
local j = read(ARGV[1])
if not j or j.state ~= 'out' or j.claim ~= ARGV[2] then return nil end
if isHeld(j.group) or call('EXISTS', key('heldall')) == 1 then
  toWaiting(j, unbegun(j))
  return nil
end
local attempt, lost = unbegun(j)
if lost >= tonumber(ARGV[3]) then
  toDead(j, ARGV[4], ARGV[5])
  return whole_job(j.id)
end
local run = call('INCR', key('claim'))
if j.run == '0' then
  call('HINCRBY', key('pending'), j.kind, -1)
  count('waiting', j.kind, -1)
  count('running', j.kind, 1)
end
call('HSET', key('job:' .. j.id), 'run', run, 'attempt', attempt + 1, 'lost', lost, 'progress', 0)
local job = whole_job(j.id)
table.insert(job, run)
return job`,

  // id, run, end, milliseconds, reason, diedAt, attempts
  settle: `
local j = running(ARGV[1], ARGV[2])
if not j then return nil end
local ending = ARGV[3]
if ending == 'done' then
  forget(j)
elseif ending == 'later' then
  toDelayed(j, j.attempt - 1, ARGV[4])
elseif ending == 'failed' and tonumber(j.attempt) < tonumber(ARGV[7]) then
  local most = cjson.decode(ARGV[4])
  toDelayed(j, j.attempt, most[math.min(tonumber(j.attempt), #most)])
else
  toDead(j, ARGV[5], ARGV[6])
  return whole_job(j.id)
end
return nil`,

  giveBack: `
local j = running(ARGV[1], ARGV[2])
if j then toWaiting(j, j.attempt - 1, j.lost) end`,

  putBack: `
local j = read(ARGV[1])
if j and j.state == 'out' and j.claim == ARGV[2] then toWaiting(j, unbegun(j)) end`,

  // older than milliseconds
  lost: `
local lost = {}
for _, id in ipairs(call('ZRANGEBYSCORE', key('out'), '-inf', whole(now - ARGV[1]), 'LIMIT', 0, 500)) do
  local j = read(id)
  if j then table.insert(lost, { id, j.kind, tonumber(j.claim) }) end
end
return lost`,

  // id, run, id, run …
  alive: `
local alive = {}
for i = 1, #ARGV, 2 do table.insert(alive, running(ARGV[i], ARGV[i + 1]) and 1 or 0) end
return alive`,

  progress: `
if running(ARGV[1], ARGV[2]) then call('HSET', key('job:' .. ARGV[1]), 'progress', ARGV[3]) end`,

  progressOf: `
local j = read(ARGV[1])
if not j or j.state ~= 'out' or j.run == '0' then return nil end
return call('HGET', key('job:' .. ARGV[1]), 'progress')`,

  cancel: `
local group, gone = ARGV[1], 0
local lines = key('lines:' .. group)
for _, field in ipairs(call('HKEYS', lines)) do
  if field ~= 'turn' then
    local kind, lane, priority = string.match(field, '^([^:]*):([^:]*):(%d)$')
    call('DEL', lineKey({ kind = kind, lane = lane, priority = priority, group = group }))
    call('ZREM', shelf(false, kind, lane), priority .. '|' .. group)
    call('ZREM', shelf(true, kind, lane), priority .. '|' .. group)
  end
end
call('DEL', lines)
for _, id in ipairs(call('SMEMBERS', key('ids:' .. group))) do
  local j = read(id)
  if j then
    leave(j)
    call('DEL', key('job:' .. id))
    gone = gone + 1
  end
end
call('DEL', key('ids:' .. group))
return gone`,

  // '1' hold or '0' free, group or nothing
  hold: `
local held, group = ARGV[1] == '1', ARGV[2]
if not group then
  if held then call('SET', key('heldall'), 1) else call('DEL', key('heldall')) end
  return
end
call(held and 'SADD' or 'SREM', key('heldgroups'), group)
for _, field in ipairs(call('HKEYS', key('lines:' .. group))) do
  if field ~= 'turn' then
    local kind, lane, priority = string.match(field, '^([^:]*):([^:]*):(%d)$')
    local member = priority .. '|' .. group
    local turn = call('HGET', key('lines:' .. group), 'turn')
    call('ZREM', shelf(not held, kind, lane), member)
    call('ZADD', shelf(held, kind, lane), score(priority, turn), member)
  end
end`,

  // group or '', after, limit
  dead: `
local set = ARGV[1] == '' and key('dead') or key('dead:' .. ARGV[1])
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2]
local dead = {}
for _, id in ipairs(call('ZRANGEBYLEX', set, from, '+', 'LIMIT', 0, ARGV[3])) do table.insert(dead, whole_job(id)) end
return dead`,

  // ids
  redrive: `
local count_ = 0
for _, id in ipairs(ARGV) do
  local j = read(id)
  if j and j.state == 'dead' then
    toWaiting(j, 0, 0)
    count_ = count_ + 1
  end
end
return count_`,
} as const;

export type ScriptName = keyof typeof scripts;

/** Each script with what all of them share. */
export function scriptText(name: ScriptName): string {
  return common + scripts[name];
}

export const scriptNames = Object.keys(scripts) as ScriptName[];
