local s = require("sitting")

local function colour(text, into)
  s.at(text, into)
  local position = vim.api.nvim_win_get_cursor(0)
  return vim.fn.synIDattr(vim.fn.synID(position[1], position[2] + 1, 1), "name")
end

s.run(function()
  vim.g.qg_lsp = false
  vim.cmd.edit("services/wiki.qg")
  s.equal("file type", vim.bo.filetype, "qg")
  s.equal("comments", vim.bo.commentstring, "# %s")
  s.equal("width", { vim.bo.shiftwidth, vim.bo.expandtab }, { 2, true })

  for _, it in ipairs({
    { "# Notes", 0, "qgComment" },
    { "service wiki", 0, "qgKind" },
    { "service wiki", 8, "qgLabel" },
    { "about", 0, "qgField" },
    { "Notes für", 0, "qgString" },
    { "ports.web", 0, "qgField" },
    { "8080", 0, "qgNumber" },
    { "container {", 0, "qgKind" },
    { "expose", 0, "qgField" },
  }) do
    s.equal("the colour of " .. it[1], colour(it[1], it[2]), it[3])
  end

  -- A comment on and off again, with Neovim's own key.
  s.at("expose")
  vim.api.nvim_feedkeys("gcc", "mx", false)
  s.equal("commented", vim.api.nvim_get_current_line(), "    # expose = lan")
  vim.api.nvim_feedkeys("gcc", "mx", false)
  s.equal("not any more", vim.api.nvim_get_current_line(), "    expose = lan")

  -- What is open indents.
  vim.api.nvim_buf_set_lines(0, 0, -1, false, {})
  s.type("iservice a {<CR>route web {<CR>x = [<CR>1<CR>]<CR>}<CR>}<CR>y = { z = \"}\" }<CR>w<Esc>")
  s.equal("indented", vim.api.nvim_buf_get_lines(0, 0, -1, false), {
    "service a {",
    "  route web {",
    "    x = [",
    "      1",
    "    ]",
    "  }",
    "}",
    'y = { z = "}" }',
    "w",
  })
end)
