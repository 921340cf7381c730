//! Authelia 4.39: which rule of `access_control` decides, and what the server answers.
