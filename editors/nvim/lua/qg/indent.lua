-- Indentation by brackets: what is open at the end of a line indents the next ones.
local M = {}

--- How many brackets a line opens (or closes, below zero), outside strings and comments, and how
--- many of them it closes before it opens any.
local function balance(line)
  local depth, lowest, quoted = 0, 0, false
  local at = 1
  while at <= #line do
    local char = line:sub(at, at)
    if quoted then
      if char == "\\" then
        at = at + 1
      elseif char == '"' then
        quoted = false
      end
    elseif char == '"' then
      quoted = true
    elseif char == "#" then
      break
    elseif char == "{" or char == "[" or char == "(" then
      depth = depth + 1
    elseif char == "}" or char == "]" or char == ")" then
      depth = depth - 1
      lowest = math.min(lowest, depth)
    end
    at = at + 1
  end
  return depth, lowest
end

--- The indentation of a line.
---@param number integer from 1
---@return integer
function M.indent(number)
  local before = vim.fn.prevnonblank(number - 1)
  if before == 0 then
    return 0
  end
  local width = vim.fn.shiftwidth()
  local depth, lowest = balance(vim.fn.getline(before))
  -- What a line closes at its beginning is in its own indentation already.
  local opened = depth - lowest
  local leading = vim.fn.getline(before):match("^%s*([%]%)}]*)")
  local surplus = -lowest - #leading
  local indent = vim.fn.indent(before) + (opened > 0 and width or 0) - math.max(surplus, 0) * width
  if vim.fn.getline(number):match("^%s*[%]%)}]") then
    indent = indent - width
  end
  return math.max(indent, 0)
end

return M
