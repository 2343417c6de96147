//! Somebody else comes in between: at any operation of one command, another command runs.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use clientele_engine::faults::Among;
use clientele_pipeline::Workspace;

use super::answers::{Answers, Reader, foreign, litter};
use super::commands::{Command, STORY};
use super::place::{Ground, Place};
use super::points::attempt;

/// Two commands that do not depend on each other, over one workspace.
struct Meeting {
    ground: Ground,
    first: Command,
    second: Command,
    before: Place,
    reader: Reader,
    /// After the second alone, and after both, either way round.
    second_only: Answers,
    both: [Answers; 2],
}

impl Meeting {
    async fn new(ground: Ground, first: Command, second: Command) -> Meeting {
        let before = Place::new(ground);
        before.put_neighbours().await;
        for earlier in STORY.into_iter().take_while(|earlier| *earlier != Command::EndOverride) {
            earlier.run(&before).await.unwrap_or_else(|error| panic!("{earlier:?}: {error}"));
        }
        let mut reader = Reader::new().await;
        let mut after = async |commands: &[Command]| {
            let place = before.fork();
            for command in commands {
                command.run(&place).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
            }
            reader.read(&place).await.expect("answers")
        };
        let second_only = after(&[second]).await;
        let both = [after(&[first, second]).await, after(&[second, first]).await];
        Meeting { ground, first, second, before, reader, second_only, both }
    }

    /// Has the second command run before the n-th operation of the first. None when there were
    /// fewer.
    async fn at(&mut self, nth: u64) -> Option<Result<(), String>> {
        let place = Arc::new(self.before.fork());
        let heard = Arc::new(Mutex::new(None));
        let (there, command, tell) = (Arc::clone(&place), self.second, Arc::clone(&heard));
        place.watch.arm_visit(nth, Among::All, move || {
            // The first was asleep for long: its lease has run out.
            there.wait_for_leases();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let said = runtime.expect("a runtime").block_on(attempt(command, &there));
            *tell.lock().expect("a lock") = Some(said);
        });
        let first = attempt(self.first, &place).await;
        place.watch.disarm();
        let operation = place.watch.struck()?;
        let second = heard.lock().expect("a lock").take().expect("somebody came");
        let done = self.check(&place, &first, &second).await;
        let point = format!("{:?} within {:?} on a {:?}", self.second, self.first, self.ground);
        Some(done.map_err(|what| format!("{point}, {nth} ({operation}): {what}; {first:?}, {second:?}")))
    }

    async fn check(
        &mut self,
        place: &Place,
        first: &Result<(), String>,
        second: &Result<(), String>,
    ) -> Result<(), String> {
        let found = self.reader.read(place).await?;
        match (first, second) {
            (Ok(()), Ok(())) if !self.both.contains(&found) => {
                return Err(format!("both are done, and one is lost: {}", self.both[0].difference(&found)));
            }
            (Err(_), Ok(())) if found != self.second_only && !self.both.contains(&found) => {
                return Err(format!("only the second is done: {}", self.second_only.difference(&found)));
            }
            (_, Err(error)) if !error.contains("is being written") => {
                return Err("the second does not wait for the first, it fails".to_owned());
            }
            (Ok(()), Err(_)) | (Err(_), _) | (Ok(()), Ok(())) => {}
        }
        for (said, command) in [(first, self.first), (second, self.second)] {
            if said.is_err() && !self.both.contains(&found) {
                place.wait_for_leases();
                attempt(command, place).await.map_err(|error| format!("{command:?} again: {error}"))?;
            }
        }
        let end = self.reader.read(place).await?;
        if !self.both.contains(&end) {
            return Err(format!("after both: {}", self.both[0].difference(&end)));
        }
        if foreign(place).await != foreign(&self.before).await {
            return Err("a foreign file was touched".to_owned());
        }
        let left = litter(place).await?;
        if left.is_empty() { Ok(()) } else { Err(format!("this was left lying about: {left:?}")) }
    }
}

async fn meet(ground: Ground, first: Command, second: Command, chosen: impl Fn(u64) -> bool) {
    let mut meeting = Meeting::new(ground, first, second).await;
    let (mut tried, mut wrong, mut past) = (0, Vec::new(), 0);
    for nth in (1..).filter(|nth| chosen(*nth)) {
        match meeting.at(nth).await {
            None => past += 1,
            Some(done) => {
                (tried, past) = (tried + 1, 0);
                if let Err(what) = done {
                    eprintln!("  WRONG {what}");
                    wrong.push(what);
                }
            }
        }
        if past == 2 {
            break;
        }
    }
    eprintln!("points: {tried} wrong: {} {second:?} within {first:?} {ground:?}", wrong.len());
    assert!(wrong.is_empty(), "{} of {tried} meetings went wrong", wrong.len());
}

macro_rules! meetings {
    ($($name:ident: $ground:ident, $first:ident, $second:ident;)*) => {
        mod torture {
            use super::*;
            $(#[tokio::test]
            #[ignore = "make torture"]
            async fn $name() {
                meet(Ground::$ground, Command::$first, Command::$second, |_| true).await;
            })*
        }
    };
}

meetings! {
    undo_and_override_in_a_folder: Folder, Undo, EndOverride;
    undo_and_override_in_a_bucket: Bucket, Undo, EndOverride;
    refresh_and_override_in_a_bucket: Bucket, RefreshLater, EndOverride;
    override_and_undo_in_a_bucket: Bucket, EndOverride, Undo;
}

#[tokio::test]
async fn a_sample_of_two_writers_in_a_bucket() {
    meet(Ground::Bucket, Command::Undo, Command::EndOverride, |nth| nth % 23 == 11).await;
}

#[tokio::test]
async fn a_sample_of_two_writers_in_a_folder() {
    meet(Ground::Folder, Command::EndOverride, Command::Undo, |nth| nth % 23 == 11).await;
}

/// The clock of this machine and the clock of the store need not agree.
#[tokio::test]
async fn a_lease_holds_whatever_the_clocks_say() {
    for ahead in [TimeDelta::days(-1), TimeDelta::days(1)] {
        let place = Place::new(Ground::Bucket);
        place.bucket.as_ref().expect("a bucket").advance(ahead);
        Command::Init.run(&place).await.expect("a workspace");
        let lake = Workspace::open(&place.folder()).await.expect("a workspace").lake().await.expect("a lake");
        let held = lake.begin().await.expect("a transaction");
        assert!(lake.is_being_written().await.expect("an answer"), "{ahead}: nobody sees the writer");
        let second = Command::FirstImport.run(&place).await.expect_err("two writers at once");
        assert!(second.contains("is being written"), "{ahead}: {second}");
        held.discard().await.expect("the end of it");
        Command::FirstImport.run(&place).await.unwrap_or_else(|error| panic!("{ahead}: {error}"));
        // Somebody who died holds nobody up for ever.
        std::mem::forget(lake.begin().await.expect("a transaction"));
        place.wait_for_leases();
        Command::ImportCustomers.run(&place).await.unwrap_or_else(|error| panic!("{ahead}: {error}"));
    }
}

/// A lease that ran out without anybody coming is still one's own.
#[tokio::test]
async fn a_writer_that_was_asleep_goes_on_when_nobody_came() {
    for nth in [10, 20, 40] {
        let place = Arc::new(Place::new(Ground::Bucket));
        Command::Init.run(&place).await.expect("a workspace");
        let there = Arc::clone(&place);
        place.watch.arm_visit(nth, Among::All, move || there.wait_for_leases());
        Command::FirstImport.run(&place).await.unwrap_or_else(|error| panic!("{nth}: {error}"));
        assert!(place.watch.struck().is_some(), "the import took fewer than {nth} operations");
    }
}

/// A store that takes its time changes no answer.
#[tokio::test]
async fn a_slow_store_changes_no_answer() {
    let (fast, slow) = (Place::new(Ground::Bucket), Place::new(Ground::Bucket));
    slow.watch.set_delay(std::time::Duration::from_millis(4));
    let mut reader = Reader::new().await;
    for command in [Command::Init, Command::FirstImport, Command::Refresh] {
        command.run(&fast).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        command.run(&slow).await.unwrap_or_else(|error| panic!("{command:?}, slowly: {error}"));
        let (quickly, slowly) = (reader.read(&fast).await, reader.read(&slow).await);
        assert_eq!(quickly.expect("answers"), slowly.expect("answers"), "{command:?}");
    }
}

/// The clock of this machine is set back between two commands.
#[tokio::test]
async fn a_clock_that_jumps_back_loses_nothing() {
    for ground in [Ground::Folder, Ground::Bucket] {
        let place = Place::new(ground);
        let mut reader = Reader::new().await;
        for command in [Command::Init, Command::FirstImport, Command::ImportCustomers, Command::Update] {
            command.run(&place).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        }
        let before = reader.read(&place).await.expect("answers");
        // Each command brings its own time; these two come in the order of the clock, set back.
        let back = TimeDelta::hours(-7);
        Command::Undo.run_later(&place, back).await.expect("an undo");
        let undone = reader.read(&place).await.expect("answers");
        assert_ne!(undone, before, "the undo of {ground:?} counts");
        Command::Update.run_later(&place, back + back).await.expect("an import");
        let again = reader.read(&place).await.expect("answers");
        for table in ["orders", "order_lines", "superseded_orders"] {
            let rows = |answers: &Answers| answers.0.get(table).map(Vec::len);
            assert_eq!(rows(&again), rows(&before), "{table} on a {ground:?}");
        }
        Command::Refresh.run_later(&place, back * 3).await.expect("a refresh");
        Command::RefreshLater.run_later(&place, back * 4).await.expect("a refresh");
        let runs = reader.read(&place).await.expect("answers").0["runs"].len();
        assert_eq!(runs, 2);
    }
}
