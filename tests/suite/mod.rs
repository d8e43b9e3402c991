//! The laws every core keeps, each written once as a generic function; not which core keeps them.
//!
//! A core's test file implements [`Store`](harness::Store) and lists the laws with [`laws_of_one_caller`]
//! and [`laws_of_many_callers`]; each becomes a test of its own, under its own name.

// Where nothing runs beside a caller, as in a sync page, half of this has no use.
#![allow(dead_code, unused_imports, unused_macros)]
// Natively they can be sent; on wasm32 there is nowhere to send them.
#![allow(clippy::arc_with_non_send_sync)]

pub mod harness;
pub mod kinds;
pub mod places;
pub mod tools;

pub mod call;
#[cfg(all(feature = "file", unix))]
pub mod file;
pub mod flight;
pub mod global;
pub mod hits;
#[cfg(all(feature = "indexeddb", target_arch = "wasm32"))]
pub mod indexeddb;
pub mod keys;
#[cfg(all(feature = "localstorage", target_arch = "wasm32"))]
pub mod localstorage;
pub mod manage;
pub mod memory;
pub mod metrics;
#[cfg(target_arch = "wasm32")]
pub mod shapes;
#[cfg(all(feature = "file", unix))]
pub mod tiered;
pub mod time;

/// Lists laws of one topic as tests of one subject.
macro_rules! law {
    ($subject:ty, $topic:ident: $($law:ident)*) => {
        $(
            #[cfg(not(target_arch = "wasm32"))]
            #[test]
            fn $law() {
                type Place = <$subject as $crate::suite::harness::Subject>::Place;
                $crate::suite::places::run::<Place, _>($crate::suite::$topic::$law::<$subject>());
            }

            #[cfg(target_arch = "wasm32")]
            #[wasm_bindgen_test::wasm_bindgen_test]
            async fn $law() {
                crate::suite::$topic::$law::<$subject>().await;
            }
        )*
    };
}
pub(crate) use law;

/// The laws that hold although there is never more than one caller.
macro_rules! laws_of_one_caller {
    ($subject:ty) => {
        $crate::suite::law!($subject, hits:
            equal_arguments_are_calculated_once
            other_arguments_are_other_entries
            functions_of_other_names_share_nothing
            another_version_shares_nothing
            a_second_handle_of_the_same_name_shares_everything
        );
        $crate::suite::law!($subject, time:
            a_value_is_served_until_its_limit
            a_value_is_not_served_at_its_limit
            with_a_limit_of_zero_every_call_runs
            without_a_limit_a_value_is_served_for_ever
            a_stale_value_is_served_at_once_and_renewed_next_time
            two_calls_of_a_stale_value_are_one_refresh
            beyond_its_window_a_stale_value_is_not_served
            a_failed_refresh_keeps_the_old_value
            retries_of_a_failed_refresh_back_off
            a_success_ends_the_pause_after_failures
            a_stricter_max_age_calculates_anew
            a_looser_max_age_changes_nothing
            a_negative_max_age_always_calculates
            a_max_age_with_next_time_serves_and_refreshes
            after_an_error_the_old_value_is_served_up_to_its_limit
            an_error_after_clearing_is_not_hidden
            an_entry_from_the_future_is_stale
            a_small_step_back_of_the_clock_changes_nothing
        );
        $crate::suite::law!($subject, call:
            a_skipping_call_runs_and_touches_nothing
            an_overwriting_call_runs_and_stores
            a_none_is_not_served_unless_allowed
            a_none_is_served_where_allowed
            other_values_do_not_mind_allow_none
            a_failure_is_not_stored
            a_large_value_is_returned_and_not_stored
            a_large_value_stored_by_hand_is_not_kept
            the_origin_of_a_result_is_told
        );
        $crate::suite::law!($subject, flight:
            recursion_on_the_same_key_ends
            recursion_on_other_keys_is_kept
            a_run_ended_by_a_clear_is_not_stored
            a_run_ended_by_a_removal_is_not_stored
            a_run_ended_by_a_stored_value_does_not_replace_it
        );
        $crate::suite::law!($subject, manage:
            clearing_empties_this_function_only
            a_precached_value_is_served_without_a_run
            an_entry_can_be_peeked_at_and_removed
            entries_are_listed_with_their_age
            only_files_have_a_directory
            a_clean_up_takes_what_is_stale_only
            a_clean_up_is_not_repeated_before_it_is_due
            a_clean_up_is_not_moved_by_the_options_of_one_call
            there_are_never_more_entries_than_allowed
            there_are_never_more_bytes_than_allowed
            a_value_beyond_all_bytes_evicts_nothing
            a_key_in_use_survives_a_scan
        );
        $crate::suite::law!($subject, keys:
            arguments_can_be_left_out_of_the_key
            arguments_that_cannot_be_keyed_run_uncached
            arguments_that_cannot_be_keyed_are_an_error_where_asked
            a_scope_is_part_of_the_key
            a_refresh_is_not_run_in_another_scope
            a_refresh_given_up_for_another_scope_is_no_failure
        );
        $crate::suite::law!($subject, metrics:
            without_metrics_there_are_none
            outcomes_add_up_to_calls
            entries_and_bytes_are_counted
            rejections_and_recalculations_are_counted
            refreshes_are_counted
        );
    };
}
pub(crate) use laws_of_one_caller;

/// The laws of callers that meet: asynchronous ones, or threads.
macro_rules! laws_of_many_callers {
    ($subject:ty) => {
        $crate::suite::law!($subject, flight:
            a_second_caller_waits_for_the_first
            many_callers_are_one_run
            those_who_wait_receive_the_failure
            an_error_that_cannot_be_shared_is_met_by_each_in_turn
            a_late_owner_has_one_successor
            a_waiter_of_a_later_attempt_waits_on
            a_late_result_of_a_cleared_run_is_not_stored
            a_late_result_of_a_removed_key_is_not_stored
            a_late_result_does_not_replace_a_precached_value
            clearing_frees_those_who_wait
            freeing_the_claims_frees_those_who_wait
            a_precached_value_is_given_to_those_who_wait
            a_large_value_is_given_to_those_who_wait
            a_none_is_given_to_those_who_wait
            an_overwriting_call_does_not_wait
            a_fresh_value_is_served_while_somebody_overwrites
            crossed_calls_end
            a_run_elsewhere_is_waited_for
            an_old_entry_does_not_end_a_wait_elsewhere
            an_entry_from_the_future_does_not_end_a_wait_elsewhere
            a_late_owner_elsewhere_is_overtaken
            a_late_owner_elsewhere_has_one_successor
            clearing_during_a_refresh_forgets_it
            a_refresh_leaves_the_old_value_while_it_runs
            what_is_being_calculated_is_not_cleaned_up
        );
        $crate::suite::law!($subject, metrics:
            waits_and_timeouts_are_counted
        );
    };
}
pub(crate) use laws_of_many_callers;

/// The laws of futures, which can be dropped half-way.
macro_rules! laws_of_futures {
    ($subject:ty) => {
        $crate::suite::law!($subject, flight:
            a_dropped_owner_is_succeeded_by_one_who_waits
            a_dropped_owner_alone_leaves_no_claim
            a_dropped_waiter_leaves_the_others_waiting
        );
    };
}
pub(crate) use laws_of_futures;

/// The laws of panics that unwind.
macro_rules! laws_of_panics {
    ($subject:ty) => {
        $crate::suite::law!($subject, flight:
            a_panic_reaches_its_caller_and_leaves_no_claim
            a_panicked_owner_is_succeeded_by_one_who_waits
            a_panicked_refresh_keeps_the_old_value_and_backs_off
        );
    };
}
pub(crate) use laws_of_panics;

/// The laws of global state, which ask for a test binary of their own.
macro_rules! laws_of_global_state {
    ($subject:ty) => {
        $crate::suite::law!($subject, global:
            a_disabled_cache_is_neither_read_nor_written
            a_call_stands_above_its_definition_and_that_above_what_is_global
            a_function_follows_what_is_set_later
            global_options_of_files_leave_other_stores_alone
            a_limit_in_bytes_that_is_set_later_holds
            everything_can_be_cleared_at_once
        );
    };
}
pub(crate) use laws_of_global_state;
