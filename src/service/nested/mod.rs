//! Tasks that call Step Functions itself, `states:startExecution` and `aws-sdk:sfn:…`: the account does them.

mod called;
mod perform;
mod result;
#[cfg(test)]
mod tests;
mod waiting;

pub(crate) use called::calls_account;
pub(in crate::service) use waiting::Nested;
