//! Traefik 3.7: which router takes a request, what its middlewares do with it, and who answers.
