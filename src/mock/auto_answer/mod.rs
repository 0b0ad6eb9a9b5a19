//! Answers to tasks that nobody mocked, if the mock is told to have them: what a service could have said.

mod answer;
mod job;
mod response;

pub(super) use answer::answer;
