//! What a real proxy and a real login server answer to a request, from their own configuration alone: nothing in here
//! knows a fleet. Each is a function from a configuration and a request to an answer, built to be compared with
//! answers of the real programs, case by case.

pub mod authelia;
pub mod traefik;
