" Colours of the QG language.
if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_,-

syntax keyword qgTodo contained TODO FIXME XXX NOTE
syntax match qgComment "#.*$" contains=qgTodo,@Spell
syntax match qgDoc "##.*$" contains=qgTodo,@Spell

" Words that say what exists, how strongly it is said, and how it is computed.
syntax keyword qgDeclaration schema enum fn let import as pub sealed from
" A field may be called `type` too.
syntax match qgDeclaration "\<type\ze\s\+\h[[:alnum:]_-]*\s*="
syntax keyword qgMark default override extend unset
syntax keyword qgFlow if then else for in match where with
" `expect` begins an item, and is a name everywhere else.
syntax match qgFlow "\%(^\s*\|[{,]\s*\)\@<=expect\ze\s\+[^[:space:]={:.]"
syntax keyword qgOperatorWord and or not is has
syntax keyword qgSelf self
syntax keyword qgBoolean true false

" A block's kind, and its label: `service jellyfin {`.
syntax match qgKind "\%(^\s*\%(\%(extend\|default\|override\)\s\+\)\?\)\@<=[a-z_][A-Za-z0-9_-]*\ze\s\+\%([A-Za-z_\"/]\S*\s*\)\?{" nextgroup=qgLabel skipwhite contains=qgMark
syntax match qgLabel contained "[A-Za-z_][A-Za-z0-9_-]*\ze\s*{"

" Types that the language has, where a type stands.
syntax match qgType "\%([:|[{>]\s*\)\@<=\<\%(bool\|int\|float\|string\|duration\|size\|mode\|path\|file\|address\|subnet\|ports\?\|url\|hostname\|calendar\|image\|sealed\|nix\|data\|module\|set\)\>"

" A field before its `=` or `:`; dotted ones part by part.
syntax match qgField "\<[A-Za-z_][A-Za-z0-9_-]*\ze\s*\%(\.\S*\s*\)\?=\%([^=>]\|$\)"
syntax match qgField "\<[A-Za-z_][A-Za-z0-9_-]*\ze\s*:"
syntax match qgType "\<[A-Z][A-Za-z0-9]*\>"

syntax match qgNumber "\<\d\+\%(\.\d\+\)\?\>"
syntax match qgNumber "\<0o\o\+\>"
" Durations, sizes, ports with protocol, ranges, addresses.
syntax match qgQuantity "\<\%(\d\+\%(ms\|[smhdwy]\)\)\+\>"
syntax match qgQuantity "\<\d\+\%([KMGTP]i\?\)\?B\>"
syntax match qgQuantity "\<\d\+/\%(tcp\|udp\)\>"
syntax match qgQuantity "\<\d\+\.\.\d\+\>"
syntax match qgAddress "\<\d\+\.\d\+\.\d\+\.\d\+\%(/\d\+\)\?\>"
syntax match qgPath "\%(^\|[[:space:]=([{,]\)\@<=\%(\./\|/\)[A-Za-z0-9._@+/-]\+"

syntax match qgEscape contained "\\\%([nrt\"\\0]\|u{\x\+}\)"
syntax match qgEscape contained "\$\${"
syntax region qgHole contained matchgroup=qgHoleMark start="\$\@<!\${" end="}" contains=TOP
syntax region qgString start=+"+ skip=+\\.+ end=+"+ oneline contains=qgEscape,qgHole,@Spell
syntax region qgText start=+"""+ end=+"""+ contains=qgHole,@Spell
syntax region qgNix matchgroup=qgNixMark start=+\<nix"+ skip=+\\.+ end=+"+ oneline contains=qgEscape,qgHole
syntax region qgNix matchgroup=qgNixMark start=+\<nix"""+ end=+"""+ contains=qgHole

syntax match qgOperator "|>\|=>\|->\|??\|==\|!=\|<=\|>="

syntax region qgFold start="{" end="}" transparent fold

highlight default link qgTodo Todo
highlight default link qgComment Comment
highlight default link qgDoc SpecialComment
highlight default link qgDeclaration Keyword
highlight default link qgMark StorageClass
highlight default link qgFlow Conditional
highlight default link qgOperatorWord Operator
highlight default link qgOperator Operator
highlight default link qgSelf Special
highlight default link qgBoolean Boolean
highlight default link qgKind Statement
highlight default link qgLabel Identifier
highlight default link qgField Identifier
highlight default link qgType Type
highlight default link qgNumber Number
highlight default link qgQuantity Number
highlight default link qgAddress Number
highlight default link qgPath String
highlight default link qgString String
highlight default link qgText String
highlight default link qgEscape SpecialChar
highlight default link qgHoleMark Delimiter
highlight default link qgNix Special
highlight default link qgNixMark Keyword

let b:current_syntax = "qg"
