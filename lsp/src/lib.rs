//! The language server: protocol only. It begins at [`qg_lang`]'s analysis and at the evaluation
//! that the compiler uses, and holds no second parser, checker or evaluator.
//!
//! Today it stands empty, its place and direction fixed: `lang` and `interpreter` know nothing of
//! it, `cli` starts it.
