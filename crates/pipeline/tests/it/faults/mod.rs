//! Whatever goes wrong with disk or store, at whatever moment: the workspace is as before or as
//! after, the same command done again ends well, and what is not ours is untouched.
//!
//! `make test` tries a fixed sample of the moments, `make torture` all of them.

mod answers;
mod commands;
mod names;
mod place;
mod points;
mod writers;

use clientele_engine::faults::{Among, Fault};

use commands::{Command, STORY};
use place::Ground;
use points::{Choice, Story, all_points};

/// What can go wrong with a disk.
const DISK: [(Among, Fault); 3] =
    [(Among::All, Fault::Fail), (Among::Writes, Fault::DoneThenFail), (Among::All, Fault::Die)];

/// What can go wrong with a store.
const STORE: [(Among, Fault); 5] = [
    (Among::All, Fault::Fail),
    (Among::Writes, Fault::DoneThenFail),
    (Among::All, Fault::Die),
    (Among::Writes, Fault::Twice),
    (Among::Reads, Fault::Cut),
];

/// A point of every second command, one kind of fault after the other, in one walk through a workspace's life.
async fn sample(ground: Ground, kinds: &[(Among, Fault)], first: usize) {
    let (mut story, mut wrong) = (Story::new(ground).await, Vec::new());
    let looked_at = STORY.into_iter().skip(first).step_by(2).filter(|command| command.is_looked_at());
    for (command, kind) in looked_at.zip(kinds.iter().cycle()) {
        story.until(command).await;
        let mut case = story.case().await;
        wrong.extend(all_points(&mut case, &[*kind], Choice::Some(1)).await);
    }
    assert!(wrong.is_empty(), "{} points went wrong", wrong.len());
}

#[tokio::test]
async fn a_sample_in_a_folder() {
    sample(Ground::Folder, &DISK, 0).await;
}

#[tokio::test]
async fn a_sample_in_a_bucket() {
    sample(Ground::Bucket, &STORE, 1).await;
}

/// Every point of one command, or TORTURE_POINTS of each kind, evenly spread.
async fn torture(command: Command, ground: Ground, kinds: &[(Among, Fault)]) {
    let mut story = Story::new(ground).await;
    story.until(command).await;
    let some = std::env::var("TORTURE_POINTS").ok().map(|number| number.parse().expect("a number"));
    let choice = some.map_or(Choice::All, Choice::Some);
    let wrong = all_points(&mut story.case().await, kinds, choice).await;
    assert!(wrong.is_empty(), "{} points went wrong", wrong.len());
}

macro_rules! torture {
    ($($name:ident: $command:ident;)*) => {
        mod torture {
            use super::*;
            $(mod $name {
                use super::*;

                #[tokio::test]
                #[ignore = "make torture"]
                async fn in_a_folder() {
                    torture(Command::$command, Ground::Folder, &DISK).await;
                }

                #[tokio::test]
                #[ignore = "make torture"]
                async fn in_a_bucket() {
                    torture(Command::$command, Ground::Bucket, &STORE).await;
                }
            })*
        }
    };
}

torture! {
    init: Init;
    first_import: FirstImport;
    update: Update;
    import_of_two_kinds: TwoKinds;
    refresh: Refresh;
    definition: Define;
    evaluation: Evaluate;
    refresh_with_segments: RefreshLater;
    set_override: Override;
    end_override: EndOverride;
    publish: Publish;
    publish_over_a_moved_file: PublishAgain;
    undo: Undo;
    vacuum: Vacuum;
    forget: Forget;
}
