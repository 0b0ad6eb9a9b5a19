//! The time of one execution, and of those that share it.

use std::time::Duration;

use super::task_call::{Heartbeats, TaskOutcome};
use super::timetable::{Beginning, Timetable, Wakeup};
use crate::interpreter::command::{TaskId, TimerId, TimerPurpose};
use crate::model::{Json, Timestamp};

const SETTLING: Duration = Duration::from_millis(100);

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn timetable(skip_after: Option<Duration>) -> Timetable {
    Timetable::new(Beginning::at(at(0), skip_after))
}

fn wait(timetable: &mut Timetable, id: u64, until: i64) {
    timetable.set_timer(TimerId(id), at(until), TimerPurpose::Wait);
}

fn outside(timetable: &mut Timetable, task: u64) {
    timetable.task_scheduled(TaskId(task));
    timetable.task_is_outside(TaskId(task));
}

/// Fires everything, each at the moment it is due, and writes down when: `base/own timers`.
#[track_caller]
fn check(timetable: &mut Timetable, expected: &[&str]) {
    let mut seen = Vec::new();
    let mut now = at(0);
    while let Some(due) = timetable.due() {
        now = now.max(due);
        let fired = timetable.fire(now).unwrap();
        let names: Vec<String> = fired
            .wakeups
            .iter()
            .map(|wakeup| match wakeup {
                Wakeup::Timer(id) => id.0.to_string(),
                Wakeup::Task(task, _) => format!("task{}", task.0),
                Wakeup::Heartbeat(task, heartbeats) => format!("beat{}of{}", heartbeats.count, task.0),
            })
            .collect();
        seen.push(format!("{}/{} {}", now.as_millis(), fired.at.as_millis(), names.join("+")));
        for wakeup in fired.wakeups {
            if let Wakeup::Task(task, _) = wakeup {
                timetable.task_gone(task);
            }
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn timers_fire_in_order_of_deadline_then_of_setting_and_together_at_one_instant() {
    let mut timetable = timetable(None);
    wait(&mut timetable, 1, 2000);
    wait(&mut timetable, 2, 1000);
    wait(&mut timetable, 3, 2000);
    check(&mut timetable, &["1000/1000 2", "2000/2000 1+3"]);
}

#[test]
fn the_execution_timeout_comes_after_all_else_of_its_instant() {
    let mut timetable = timetable(None);
    timetable.set_timer(TimerId(1), at(5000), TimerPurpose::ExecutionTimeout);
    wait(&mut timetable, 2, 5000);
    check(&mut timetable, &["5000/5000 2", "5000/5000 1"]);
}

#[test]
fn a_late_driver_still_fires_at_the_instant_of_the_deadline() {
    let mut timetable = timetable(None);
    wait(&mut timetable, 1, 1000);
    assert!(timetable.fire(at(999)).is_none());
    assert_eq!(timetable.fire(at(9000)).unwrap().at, at(1000));
    assert_eq!(timetable.touch(at(9000)), at(9000));
}

#[test]
fn a_cleared_or_reset_timer_does_not_fire() {
    let mut timetable = timetable(None);
    wait(&mut timetable, 1, 1000);
    wait(&mut timetable, 1, 3000);
    wait(&mut timetable, 2, 2000);
    timetable.clear_timer(TimerId(2));
    check(&mut timetable, &["3000/3000 1"]);
}

#[test]
fn a_settled_execution_jumps_over_its_waits_one_after_the_other() {
    let mut timetable = timetable(Some(SETTLING));
    wait(&mut timetable, 1, 10_000);
    wait(&mut timetable, 2, 60_000);
    timetable.set_timer(TimerId(3), at(90_000), TimerPurpose::ExecutionTimeout);
    check(&mut timetable, &["100/10000 1", "100/60000 2", "100/90000 3"]);
}

#[test]
fn a_wait_shorter_than_the_settling_time_is_not_jumped_over() {
    let mut timetable = timetable(Some(SETTLING));
    wait(&mut timetable, 1, 30);
    check(&mut timetable, &["30/30 1"]);
}

#[test]
fn a_change_from_outside_makes_the_execution_settle_again() {
    let mut timetable = timetable(Some(SETTLING));
    wait(&mut timetable, 1, 10_000);
    timetable.touch(at(80));
    check(&mut timetable, &["180/10000 1"]);
}

#[test]
fn a_synchronous_execution_is_settled_at_once() {
    let mut timetable = timetable(Some(Duration::ZERO));
    wait(&mut timetable, 1, 10_000);
    check(&mut timetable, &["0/10000 1"]);
}

#[test]
fn after_a_jump_own_time_runs_on_with_the_base_clock() {
    let mut timetable = timetable(Some(SETTLING));
    wait(&mut timetable, 1, 10_000);
    assert_eq!(timetable.fire(at(100)).unwrap().at, at(10_000));
    assert_eq!(timetable.touch(at(150)), at(10_050));
}

#[test]
fn a_mocked_duration_is_jumped_over_and_so_is_the_timeout_that_it_misses() {
    let mut timetable = timetable(Some(SETTLING));
    timetable.task_scheduled(TaskId(7));
    timetable.set_timer(TimerId(1), at(30_000), TimerPurpose::TaskTimeout(TaskId(7)));
    timetable.task_takes(TaskId(7), Duration::from_secs(60), TaskOutcome::Succeeded(Json::Null));
    check(&mut timetable, &["100/30000 1", "100/60000 task7"]);
}

#[test]
fn a_timeout_of_outside_work_runs_in_real_time_and_holds_the_execution_timeout() {
    let mut timetable = timetable(Some(SETTLING));
    outside(&mut timetable, 7);
    timetable.set_timer(TimerId(1), at(5000), TimerPurpose::Heartbeat(TaskId(7)));
    timetable.set_timer(TimerId(2), at(9000), TimerPurpose::ExecutionTimeout);
    assert_eq!(timetable.due(), Some(at(5000)));
    assert!(timetable.fire(at(4999)).is_none());
    assert_eq!(timetable.fire(at(5000)).unwrap().at, at(5000));
    assert_eq!(timetable.due(), Some(at(9000)));
    timetable.task_gone(TaskId(7));
    assert_eq!(timetable.due(), Some(at(100)));
}

#[test]
fn a_wait_is_jumped_over_up_to_the_timeout_of_outside_work_but_not_past_it() {
    let mut timetable = timetable(Some(SETTLING));
    outside(&mut timetable, 7);
    timetable.set_timer(TimerId(1), at(60_000), TimerPurpose::TaskTimeout(TaskId(7)));
    wait(&mut timetable, 2, 50_000);
    wait(&mut timetable, 3, 90_000);
    // The offset is 49,900 after the first jump; the timeout still comes after a minute of real time.
    check(&mut timetable, &["100/50000 2", "60000/109900 1", "60000/109900 3"]);
}

#[test]
fn outside_work_without_a_timeout_does_not_hold_a_wait() {
    let mut timetable = timetable(Some(SETTLING));
    outside(&mut timetable, 7);
    wait(&mut timetable, 1, 50_000);
    check(&mut timetable, &["100/50000 1"]);
}

#[test]
fn an_answered_task_no_longer_brings_its_mocked_outcome() {
    let mut timetable = timetable(None);
    timetable.task_scheduled(TaskId(7));
    timetable.task_takes(TaskId(7), Duration::from_secs(1), TaskOutcome::Succeeded(Json::Null));
    assert!(timetable.task_gone(TaskId(7)));
    assert!(!timetable.task_gone(TaskId(7)));
    assert_eq!(timetable.due(), None);
}

#[test]
fn nobody_can_answer_a_task_that_was_not_scheduled() {
    let mut timetable = timetable(None);
    timetable.task_takes(TaskId(7), Duration::from_secs(1), TaskOutcome::Succeeded(Json::Null));
    timetable.task_is_outside(TaskId(7));
    assert_eq!(timetable.due(), None);
}

#[test]
fn signs_of_life_come_one_after_the_other_until_the_task_is_gone() {
    let mut timetable = timetable(None);
    timetable.task_scheduled(TaskId(1));
    timetable.task_takes(TaskId(1), Duration::from_secs(25), TaskOutcome::Succeeded(Json::Null));
    timetable.task_beats(TaskId(1), Heartbeats { count: 9, every: Duration::from_secs(10) });
    check(&mut timetable, &["10000/10000 beat9of1", "20000/20000 beat8of1", "25000/25000 task1"]);
}
