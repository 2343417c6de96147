//! One command, one operation that goes wrong, and what is found afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use clientele_engine::faults::{Among, Fault};
use clientele_pipeline::Workspace;
use futures::FutureExt as _;

use super::answers::{Answers, Reader, damages, foreign, litter};
use super::commands::{Command, STORY};
use super::place::{Ground, Place};

/// A command that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a command must do to the workspace that it is given.
pub struct Case {
    pub command: Command,
    pub ground: Ground,
    reader: Reader,
    before: Place,
    foreign: BTreeMap<String, Vec<u8>>,
    /// The answers of before, of each generation in between, and of after.
    steps: Vec<Answers>,
    /// What it says when it is done once more, and the answers then.
    again: (Result<(), String>, Answers),
    /// How many operations it takes when nothing goes wrong, of each kind.
    lengths: [u64; 3],
    /// States from which the command was done again, and all was well.
    known: HashSet<u64>,
}

/// A workspace that grows command by command.
pub struct Story {
    place: Place,
    ground: Ground,
    next: usize,
}

impl Story {
    /// An empty place with things of others around it.
    pub async fn new(ground: Ground) -> Story {
        let place = Place::new(ground);
        place.put_neighbours().await;
        Story { place, ground, next: 0 }
    }

    /// Goes on to a command, which is not done yet.
    pub async fn until(&mut self, command: Command) {
        while let Some(next) = STORY.get(self.next).filter(|next| **next != command) {
            self.done(*next).await;
        }
    }

    async fn done(&mut self, command: Command) {
        command.run(&self.place).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        self.place.put_squatters(command).await;
        self.next += 1;
    }

    /// What the next command must do; afterwards it is done.
    pub async fn case(&mut self) -> Case {
        let (command, ground) = (STORY[self.next], self.ground);
        let before = self.place.fork();
        let mut reader = Reader::new().await;
        let first = reader.read(&self.place).await.expect("answers before");
        let from = generation(&self.place).await;
        let seen = [Among::All, Among::Writes, Among::Reads].map(|among| self.place.watch.seen(among));
        let place = &self.place;
        command.run(place).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut lengths = [Among::All, Among::Writes, Among::Reads].map(|among| place.watch.seen(among));
        lengths.iter_mut().zip(seen).for_each(|(length, seen)| *length -= seen);
        let mut steps = vec![first];
        let last = if command.rewrites() { from + 1 } else { generation(place).await };
        for between in from + 1..last {
            let workspace = Workspace::open(&place.folder()).await.expect("a workspace");
            let lake = workspace.lake().await.expect("a lake").at(between).await.expect("a generation");
            let mut answers = reader.lake(place, &lake).await.expect("answers between");
            for kept in ["settings", "schemes"] {
                answers.0.insert(kept.into(), steps[0].0[kept].clone());
            }
            steps.push(answers);
        }
        steps.push(reader.read(place).await.expect("answers after"));
        let twice = place.fork();
        let said = attempt(command, &twice).await;
        let again = (said, reader.read(&twice).await.expect("answers after doing it twice"));
        let foreign = foreign(&before).await;
        self.place.put_squatters(command).await;
        self.next += 1;
        Case { command, ground, reader, before, foreign, steps, again, lengths, known: HashSet::new() }
    }
}

impl Case {
    /// A copy of the workspace as it is before the command.
    pub fn place(&self) -> Place {
        self.before.fork()
    }

    /// Lets the n-th operation go wrong. None when the command took fewer.
    pub async fn try_point(&mut self, nth: u64, among: Among, fault: Fault) -> Option<Result<(), String>> {
        let mut place = self.place();
        place.watch.arm(nth, among, fault);
        let said = attempt(self.command, &place).await;
        let struck = place.watch.struck()?;
        place.watch.disarm();
        if fault == Fault::Die {
            place = place.fork();
            place.wait_for_leases();
        }
        let state = fingerprint(&place).await;
        // What is left on disk or store is all that a later process knows. In this one somebody may
        // still be at work, so now and then it is tried although the state is known.
        let is_known = self.known.contains(&state) && (fault == Fault::Die || !nth.is_multiple_of(5));
        if is_known && (said.is_err() || self.command.makes_a_run()) {
            return Some(Ok(()));
        }
        let done = self.check(&place, &said).await;
        if done.is_ok() {
            self.known.insert(state);
        }
        let (command, ground) = (self.command, self.ground);
        let point = format!("{command:?} on a {ground:?}, {fault:?} at {nth} ({struck})");
        Some(done.map_err(|what| format!("{point}: {what}; it said {said:?}")))
    }

    /// Looks at a workspace in which the command was disturbed, and does it again.
    pub async fn check(&mut self, place: &Place, said: &Result<(), String>) -> Result<(), String> {
        let found = self.reader.read(place).await?;
        let last = self.steps.len() - 1;
        // What changes no answer is after as well as before.
        let step = self.steps.iter().rposition(|step| *step == found);
        let Some(step) = step else {
            return Err(format!("neither before nor after: {}", self.steps[0].difference(&found)));
        };
        if said.is_ok() && step != last && !self.may_stop_early() {
            return Err("it said that all is well, and the workspace is as before".to_owned());
        }
        let again = self.again(place).await;
        let end = self.reader.read(place).await?;
        let (wanted, answers) = match step {
            _ if step == last => (&self.again.0, &self.again.1),
            // It is done as far as others can see; doing it once more counts anew.
            _ if step > 0 && self.command.makes_a_run() => (&self.again.0, &self.again.1),
            _ => (&Ok(()), &self.steps[last]),
        };
        // An earlier forgetting that had been cut off is brought to its end.
        let is_completed = self.command == Command::Forget && again.is_ok();
        if again != *wanted && !is_completed {
            return Err(format!("done again at step {step} of {last} it said {again:?}, not {wanted:?}"));
        }
        let (end, answers) = match step == 0 || step == last {
            true => (end, answers.clone()),
            false => (end.without_evaluations(), answers.without_evaluations()),
        };
        if end != answers {
            return Err(format!("done again at step {step} of {last}: {}", answers.difference(&end)));
        }
        let foreign = foreign(place).await;
        if foreign != self.foreign {
            let lost = self.foreign.iter().find(|(name, bytes)| foreign.get(*name) != Some(bytes));
            return Err(format!("a foreign file was touched: {:?}", lost.map(|(name, _)| name)));
        }
        if self.command.rewrites() {
            // Logs are cut to checkpoints, so names are looked for from the logs' side.
            let damages = damages(place).await?;
            return if damages.is_empty() { Ok(()) } else { Err(format!("this is damaged: {damages:?}")) };
        }
        let left = litter(place).await?;
        if !left.is_empty() {
            return Err(format!("this was left lying about: {left:?}"));
        }
        Ok(())
    }

    /// Does the command again. In a bucket it may have to wait until a lease runs out.
    async fn again(&self, place: &Place) -> Result<(), String> {
        let said = attempt(self.command, place).await;
        match said {
            Err(error) if place.bucket.is_some() && error.contains("is being written") => {
                place.wait_for_leases();
                attempt(self.command, place).await
            }
            said => said,
        }
    }

    /// A refresh is well when only its segments have to wait.
    fn may_stop_early(&self) -> bool {
        self.command.makes_a_run()
    }
}

/// Runs a command to its end; a panic or a halt is an error like others.
pub async fn attempt(command: Command, place: &Place) -> Result<(), String> {
    let run = AssertUnwindSafe(command.run(place)).catch_unwind();
    match tokio::time::timeout(PATIENCE, run).await {
        Err(_) => Err("IT HANGS".to_owned()),
        Ok(Err(_)) => Err("IT PANICS".to_owned()),
        Ok(Ok(said)) => said.map_err(|error| place.neutral(&error)),
    }
}

async fn generation(place: &Place) -> u64 {
    match Workspace::open(&place.folder()).await {
        Ok(workspace) => workspace.lake().await.expect("a lake").snapshot().generation(),
        Err(_) => 0,
    }
}

/// Which operations are to go wrong.
#[derive(Debug, Clone, Copy)]
pub enum Choice {
    All,
    /// So many, evenly spread.
    Some(u64),
}

/// Lets operations of a command go wrong, one at a time, and says what was found.
pub async fn all_points(case: &mut Case, kinds: &[(Among, Fault)], choice: Choice) -> Vec<String> {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (place, (among, fault)) in kinds.iter().enumerate() {
        let length = case.lengths[*among as usize];
        // Work that is done side by side takes a few operations more or less each time.
        let all: Vec<u64> = match choice {
            Choice::All => (1..=length + length / 4 + 5).collect(),
            Choice::Some(number) => {
                // Not the same moments for each fault.
                let shift = (case.command as u64 * 7 + place as u64 * 3) % 10;
                (0..number).map(|n| 1 + (length * (n * 10 + shift)) / (number * 10)).collect()
            }
        };
        let mut past = 0;
        for nth in all {
            match case.try_point(nth, *among, *fault).await {
                None => past += 1,
                Some(done) => {
                    (tried, past) = (tried + 1, 0);
                    if let Err(what) = done {
                        eprintln!("  WRONG {what}");
                        wrong.push(what);
                    }
                }
            }
            if past == 3 {
                break;
            }
        }
    }
    let (states, command, ground) = (case.known.len(), case.command, case.ground);
    let [all, writes, _] = case.lengths;
    eprintln!(
        "points: {tried} wrong: {} {command:?} {ground:?}: {all} operations, {writes} of them writes; \
         {states} states",
        wrong.len()
    );
    wrong
}

/// The state of a place, but for names that chance gives and times.
async fn fingerprint(place: &Place) -> u64 {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut hash = DefaultHasher::new();
    for (name, bytes) in place.content().await {
        if name.ends_with("/_lock") {
            continue;
        }
        neutral(&name, &mut names).hash(&mut hash);
        match name.ends_with(".json") || name.contains("/manifest/") {
            true => neutral(&String::from_utf8_lossy(&bytes), &mut names).hash(&mut hash),
            false => bytes.hash(&mut hash),
        }
    }
    hash.finish()
}

/// A text in which each long hexadecimal word is replaced by the number of its first appearance, and
/// each long number, which is a time, by nothing.
fn neutral(text: &str, names: &mut HashMap<String, usize>) -> String {
    let mut out = String::with_capacity(text.len());
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c) || c == '-';
    let mut rest = text;
    while let Some(start) = rest.find(is_hex) {
        out.push_str(&rest[..start]);
        let word = &rest[start..];
        let end = word.find(|c| !is_hex(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        if word.len() >= 32 {
            let number = names.len();
            out.push_str(&format!("<{}>", names.entry(word.to_owned()).or_insert(number)));
        } else if word.len() == 13 && word.bytes().all(|b| b.is_ascii_digit()) {
            out.push_str("<time>");
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
