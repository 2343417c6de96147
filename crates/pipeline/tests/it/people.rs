//! What people decide: tiers set by hand, stay rules, and schemes that are published anew.

use chrono::NaiveDate;
use clientele_engine::EngineSettings;
use clientele_model::{Language, UnitFormat};
use clientele_pipeline::act::overrides::{self, Override, OverrideError, OverrideRequest, State};
use clientele_pipeline::library::{Document, DocumentKind, built_in};
use clientele_pipeline::understand::publish::{Preview, Publication, PublishError, Shift, publish};
use clientele_pipeline::understand::receipt::Kept;

use crate::library::documents::scheme;
use crate::support::{Base, now, per_customer, tiers_of};
use clientele_pipeline::understand::rows::{Value, text};

fn wish(customer: &str, scheme: &str, tier: &str) -> OverrideRequest {
    OverrideRequest {
        customer: customer.into(),
        scheme: scheme.into(),
        tier: tier.into(),
        reason: "A large order is promised.".into(),
        method: None,
        by: Some("Ann".into()),
        since: None,
        until: None,
        now: now(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn all(base: &Base) -> Vec<Override> {
    let view = base.view(None).await;
    let lake = base.workspace.lake().await.expect("a lake");
    overrides::list(&lake, &view.session).await.expect("overrides")
}

async fn sentences(base: &Base, run: &str, customer: &str, scheme: &str, language: Language) -> Vec<String> {
    let view = base.view(Some(&run.into())).await;
    let known = view.customer(customer).await.expect("a customer");
    let receipt = view.explain(&known, view.scheme(scheme).expect("a scheme")).await.expect("a receipt");
    receipt.sentences(&UnitFormat { language, currency: "GBP".parse().expect("a currency") })
}

#[tokio::test]
async fn a_tier_set_by_hand_holds_from_its_first_day_to_its_last() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    let set = OverrideRequest { until: Some(day("2025-07-31")), ..wish("C04", "abc", "a") };
    let set = overrides::set(&base.workspace, set).await.expect("an override");
    assert_eq!((set.id.as_str(), set.since, set.customer_key >= 0), ("o0001", day("2025-07-01"), true));

    base.refresh("2025-07-31", &["abc"]).await;
    let view = base.view(None).await;
    let columns = ["abc", "abc__computed", "abc__by", "abc__previous"];
    let labels = per_customer(&view, "labels", &columns).await;
    let texts = |customer: &str| labels[customer].iter().map(text).collect::<Vec<_>>();
    assert_eq!(texts("C04"), ["a", "c", "o0001", "c"]);
    assert_eq!(texts("C01"), ["a", "a", "", ""]);
    let said = sentences(&base, "r0002", "C04", "abc", Language::En).await;
    assert_eq!(
        said[1..3],
        [
            "Set by Ann on 2026-07-01 (o0001), until 2025-07-31. Reason: A large order is promised.",
            "The rule alone says “C”; this is how:",
        ]
    );
    let said = sentences(&base, "r0002", "C04", "abc", Language::Zh).await;
    assert_eq!(
        said[1],
        "由 Ann 于 2026-07-01 人工指定（o0001），有效期至 2025-07-31。理由：A large order is promised."
    );

    // A day later the rule decides again; what the earlier run says of itself stays.
    base.refresh("2025-08-01", &["abc"]).await;
    assert_eq!(tiers_of(&base.view(None).await, "abc").await["C04"], "c");
    assert_eq!(overrides::states(&all(&base).await, "2025-08-01".parse().expect("a day")), [State::Over]);
    assert!(sentences(&base, "r0002", "C04", "abc", Language::En).await[1].starts_with("Set by Ann"));
    assert!(!sentences(&base, "r0001", "C04", "abc", Language::En).await[1].starts_with("Set by"));
}

#[tokio::test]
async fn who_set_a_tier_is_not_said_when_nobody_was_named() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    let set = OverrideRequest { by: None, ..wish("C04", "abc", "a") };
    overrides::set(&base.workspace, set).await.expect("an override");
    base.refresh("2025-07-02", &["abc"]).await;
    let said = sentences(&base, "r0002", "C04", "abc", Language::En).await;
    assert_eq!(
        said[1],
        "Set by hand on 2026-07-01 (o0001), until it is ended. Reason: A large order is promised."
    );
    let said = sentences(&base, "r0002", "C04", "abc", Language::Zh).await;
    assert_eq!(said[1], "于 2026-07-01 人工指定（o0001），直到被取消。理由：A large order is promised.");
}

#[tokio::test]
async fn a_tier_set_by_hand_can_be_ended_once() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    overrides::set(&base.workspace, wish("C04", "abc", "a")).await.expect("an override");
    overrides::set(&base.workspace, wish("C04", "abc", "b")).await.expect("a later one");
    base.refresh("2025-07-02", &["abc"]).await;
    assert_eq!(tiers_of(&base.view(None).await, "abc").await["C04"], "b");
    let ended = overrides::end(&base.workspace, "o0002", now()).await.expect("an end");
    assert_eq!(ended.revoked_at, Some(now()));
    let states = overrides::states(&all(&base).await, "2025-07-02".parse().expect("a day"));
    assert_eq!(states, [State::Holds, State::Ended]);
    base.refresh("2025-07-02", &["abc"]).await;
    assert_eq!(tiers_of(&base.view(None).await, "abc").await["C04"], "a");

    let again = overrides::end(&base.workspace, "o0002", now()).await.expect_err("ended before");
    assert!(again.to_string().starts_with("override o0002 was ended before, at 2026-07-01 12:00"), "{again}");
    let other = overrides::end(&base.workspace, "o0009", now()).await.expect_err("not there");
    assert_eq!(other.to_string(), "there is no override `o0009`; see `clientele override list`");
}

#[tokio::test]
async fn wishes_that_cannot_be_are_refused_and_nothing_is_written() {
    let base = Base::tiny_shop().await;
    let methods = "kind = \"manual\"\nmethods = [\"interview\"]";
    base.document("schemes", "busy.toml", &scheme(methods, &[("calm", ""), ("lively", "")]));
    base.refresh("2025-07-01", &["abc", "busy"]).await;
    let refused = async |wish: OverrideRequest| -> OverrideError {
        let error = overrides::set(&base.workspace, wish).await.expect_err("refused");
        assert!(error.problem().sentence(Language::Zh).chars().any(|c| c > '\u{4e00}'), "{error}");
        error
    };
    let blank = OverrideRequest { reason: "  ".into(), ..wish("C04", "abc", "a") };
    assert_eq!(refused(blank).await.to_string(), "no reason is given; say why with --reason");
    assert_eq!(
        refused(wish("C04", "busy", "livley")).await.to_string(),
        "scheme busy has no tier `livley`; did you mean `lively`?"
    );
    assert_eq!(
        refused(wish("C04", "abd", "a")).await.to_string(),
        "there is no scheme `abd`; did you mean `abc`?"
    );
    assert_eq!(
        refused(wish("C99", "abc", "a")).await.to_string(),
        "there is no customer `C99`; check the id, or import the customer first"
    );
    let past = OverrideRequest { until: Some(day("2025-06-30")), ..wish("C04", "abc", "a") };
    assert_eq!(
        refused(past).await.to_string(),
        "--until 2025-06-30 is before 2025-07-01, the first day that it would hold; name a later day, or none"
    );
    let guess = OverrideRequest { method: Some("guess".into()), ..wish("C04", "busy", "calm") };
    assert_eq!(
        refused(guess).await.to_string(),
        "scheme busy does not know the method `guess`; use one of interview"
    );
    assert_eq!(all(&base).await, []);

    // Everybody is unknown until somebody says otherwise.
    let told = sentences(&base, "r0001", "C04", "busy", Language::En).await;
    assert!(
        told[1].starts_with("People decide in this scheme, and nobody has for this customer"),
        "{told:?}"
    );
    let met = OverrideRequest { method: Some("interview".into()), ..wish("C04", "busy", "calm") };
    overrides::set(&base.workspace, met).await.expect("an override");
    base.refresh("2025-07-02", &["busy"]).await;
    let tiers = tiers_of(&base.view(None).await, "busy").await;
    assert_eq!((tiers["C04"].as_str(), tiers["C05"].as_str()), ("calm", "unknown"));
    let told = sentences(&base, "r0002", "C04", "busy", Language::En).await;
    assert!(told[1].contains("on 2026-07-01, after interview (o0001), until it is ended"), "{told:?}");
}

#[tokio::test]
async fn a_worse_tier_waits_for_its_grace() {
    let base = Base::tiny_shop().await;
    let keys = "kind = \"bands\"\nmetric = \"recency_days\"\n[stay]\ngrace_days = 30";
    base.document("schemes", "busy.toml", &scheme(keys, &[("fresh", "below = 30"), ("stale", "min = 30")]));
    // C06 last ordered 28 days before the first of these days.
    for day in ["2025-07-01", "2025-07-10", "2025-08-08", "2025-08-09"] {
        base.refresh(day, &["busy"]).await;
    }
    let mut seen = Vec::new();
    for run in ["r0001", "r0002", "r0003", "r0004"] {
        let view = base.view(Some(&run.into())).await;
        let labels = per_customer(&view, "labels", &["busy", "busy__computed", "busy__pending"]).await;
        let label = &labels["C06"];
        let pending = match label[2] {
            Value::Date(day) => day.to_string(),
            _ => String::new(),
        };
        seen.push(format!("{} {} {pending}", text(&label[0]), text(&label[1])));
    }
    assert_eq!(seen, ["fresh fresh ", "fresh stale 2025-07-10", "fresh stale 2025-07-10", "stale stale "]);
    let said = sentences(&base, "r0002", "C06", "busy", Language::En).await;
    assert_eq!(
        said[1],
        "The rule alone says “stale”, but the tier is kept. A worse tier must last 30 days before it counts; \
         it has been due since 2025-07-10 and counts from 2025-08-09 on."
    );
    let view = base.view(Some(&"r0003".into())).await;
    let known = view.customer("C06").await.expect("a customer");
    let receipt = view.explain(&known, view.scheme("busy").expect("a scheme")).await.expect("a receipt");
    let (since, until) = (day("2025-07-10"), day("2025-08-09"));
    assert_eq!(receipt.kept, Some(Kept::Grace { days: 30, since, until }));
    assert_eq!((receipt.tier.as_str(), receipt.computed.as_str()), ("fresh", "stale"));
}

/// The built-in ABC with other shares.
fn tighter(version: u32) -> Document {
    let abc =
        built_in(DocumentKind::Schemes).into_iter().find(|d| d.name.ends_with("/abc.toml")).expect("abc");
    let text = abc.text.replace("until = 0.7", "until = 0.5").replace("until = 0.9", "until = 0.8");
    let text = text.replace("version = 1\n", &format!("version = {version}\n"));
    Document { name: "abc.toml".into(), text }
}

async fn put(base: &Base, document: &Document, dry_run: bool) -> Result<Publication, PublishError> {
    publish(&base.workspace, &EngineSettings::default(), document, dry_run).await
}

#[tokio::test]
async fn publishing_shows_who_would_move_before_anyone_does() {
    let base = Base::tiny_shop().await;
    let early = put(&base, &tighter(2), true).await.expect("a dry run");
    assert_eq!(early.preview, Preview::NoRun);
    base.refresh("2025-07-01", &["abc"]).await;

    let dry = put(&base, &tighter(2), true).await.expect("a dry run");
    assert_eq!((dry.replaces, &dry.place, &dry.kept), (Some(1), &None, &None));
    // Below half of 13,210 is 6,605: C10, C01 and C06 start below it, C16 and C02 do not any more. Below
    // 80 % is 10,568: C03 starts there, C18 and C08 above it.
    let shift = |from: &str, to: &str, customers| Shift { from: Some(from.into()), to: to.into(), customers };
    let Preview::Shifts { run, shifts, examples, .. } = dry.preview else { panic!("{:?}", dry.preview) };
    let expected = [
        shift("a", "a", 3),
        shift("a", "b", 2),
        shift("b", "b", 1),
        shift("b", "c", 2),
        shift("c", "c", 11),
        shift("unknown", "unknown", 1),
    ];
    assert_eq!((run.as_str(), shifts.as_slice()), ("r0001", expected.as_slice()));
    let moved: Vec<&str> = examples.iter().map(|e| e.customer_id.as_str()).collect();
    assert_eq!(moved, ["C02", "C08", "C16", "C18"]);
    base.refresh("2025-07-01", &["abc"]).await;
    assert_eq!(tiers_of(&base.view(None).await, "abc").await["C16"], "a", "a dry run changed something");

    let done = put(&base, &tighter(2), false).await.expect("a publication");
    let kept = std::fs::read_to_string(done.kept.expect("the earlier one")).expect("a file");
    assert!(
        kept.contains("until = 0.7") && done.place.expect("a place").ends_with("library/schemes/abc.toml")
    );
    base.refresh("2025-07-01", &["abc"]).await;
    assert_eq!(tiers_of(&base.view(None).await, "abc").await["C16"], "b");

    // Each run speaks of the scheme as it was then.
    let then = sentences(&base, "r0001", "C16", "abc", Language::En).await.join(" ");
    assert!(then.contains("abc version 1") && then.contains("up to 70 % of the total"), "{then}");
    let today = sentences(&base, "r0003", "C16", "abc", Language::En).await.join(" ");
    assert!(today.contains("abc version 2") && today.contains("up to 80 % of the total"), "{today}");
}

#[tokio::test]
async fn a_scheme_that_does_not_follow_is_not_published() {
    let base = Base::tiny_shop().await;
    let refused =
        async |document: &Document| put(&base, document, false).await.expect_err("refused").to_string();
    assert_eq!(
        refused(&tighter(3)).await,
        "abc.toml:2: `version`: version 1 is published, so this must be version 2; write version = 2"
    );
    let same =
        built_in(DocumentKind::Schemes).into_iter().find(|d| d.name.ends_with("/abc.toml")).expect("abc");
    assert!(refused(&same).await.contains("published already, word for word"));
    let mut gap = tighter(2);
    gap.text = gap.text.replace("metric = \"monetary\"", "metric = \"monetery\"");
    assert!(
        refused(&gap)
            .await
            .contains("there is no metric `monetery`; name one that exists, for example `monetary`")
    );
    let new = scheme("kind = \"bands\"\nmetric = \"frequency\"", &[("a", "min = 3"), ("b", "below = 2")]);
    let told = refused(&Document { name: "busy.toml".into(), text: new }).await;
    assert!(told.contains("2 belongs to no tier") || told.contains("2.5 belong to no tier"), "{told}");
    let file = base.workspace.library("schemes").join("mine.toml");
    base.document("schemes", "mine.toml", &tighter(2).text);
    let placed = Document { name: file.display().to_string(), text: tighter(2).text };
    assert!(refused(&placed).await.contains("this file counts already"));
    assert!(!base.workspace.library("schemes").join(".history").exists());
}
