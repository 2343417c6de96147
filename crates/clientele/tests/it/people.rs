//! Tiers set by hand and schemes published anew, as users do it.

use std::fs;

use crate::support::{Workspace, repository};

#[test]
fn a_tier_is_set_listed_explained_and_ended() {
    let workspace = Workspace::tiny_shop("en");
    workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "abc"]).fine();
    let set = "override set C04 abc=a --until 2025-07-31 --by Ann --reason";
    let set = set.split(' ').chain(["A large order is promised."]);
    let ran = workspace.run(set).fine();
    assert_eq!(
        ran.out,
        "Override o0001: customer C04 is in abc=a from 2025-07-01 until 2025-07-31.\nNext: clientele refresh\n"
    );
    workspace.run(["refresh", "--as-of", "2025-07-02", "--schemes", "abc"]).fine();
    let receipt = workspace.run(["explain", "C04", "--scheme", "abc", "--json"]).fine().json();
    let receipt = &receipt["receipts"][0];
    assert_eq!((&receipt["tier"], &receipt["computed"]), (&"a".into(), &"c".into()));
    assert_eq!(receipt["override"]["reason"], "A large order is promised.");
    assert_eq!(receipt["playbook"]["owner"], "sales");

    let listed = workspace.run(["override", "list", "--json"]).fine().json();
    assert_eq!(listed["overrides"][0]["state"], "holds");
    assert_eq!(listed["overrides"][0]["until"], "2025-07-31");
    let shown = workspace.run(["override", "list", "--language", "zh"]).fine().out;
    assert!(shown.contains("有效") && shown.contains("截至 2025-07-02。"), "{shown}");
    workspace.run(["override", "end", "o0001"]).fine();
    let listed = workspace.run(["override", "list", "--json"]).fine().json();
    assert_eq!(listed["overrides"][0]["state"], "ended");
    assert_eq!(
        workspace.run(["override", "list", "--current", "--json"]).fine().json()["overrides"],
        serde_json::json!([])
    );
}

#[test]
fn what_cannot_be_set_says_why_and_changes_nothing() {
    let workspace = Workspace::tiny_shop("en");
    workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "abc"]).fine();
    let before = workspace.content();
    for (line, said) in [
        ("override set C04 abc=a", "no reason is given; say why with --reason"),
        ("override set C04 abc=aa --reason x", "scheme abc has no tier `aa`; did you mean `a`?"),
        ("override set C77 abc=a --reason x", "there is no customer `C77`"),
        ("override set C04 abc=a --reason x --until 2025-06-01", "--until 2025-06-01 is before 2025-07-01"),
        ("override end o0001", "there is no override `o0001`"),
    ] {
        let ran = workspace.run(line.split(' ')).failed();
        assert!(ran.err.contains(said), "{line}: {}", ran.err);
    }
    let ran = workspace.run(["override", "set", "C04", "abc=a", "--language", "zh"]).failed();
    assert!(ran.err.contains("没有写明理由"), "{}", ran.err);
    assert_eq!(workspace.run(["override", "set", "C04", "abc", "--reason", "x"]).code, Some(2));
    assert!(workspace.content() == before, "something was written");
}

#[test]
fn publishing_asks_for_the_next_version_and_shows_who_moves() {
    let workspace = Workspace::tiny_shop("en");
    workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "abc"]).fine();
    let abc = fs::read_to_string(repository().join("library/schemes/abc.toml")).expect("a scheme");
    let tighter = abc.replace("until = 0.7", "until = 0.5").replace("until = 0.9", "until = 0.8");
    workspace.write("abc.toml", &tighter);
    let before = workspace.content();
    let ran = workspace.run(["schemes", "publish", "abc.toml"]).failed();
    assert!(ran.err.contains("version 1 is published, so this must be version 2"), "{}", ran.err);
    workspace.write("abc.toml", tighter.replace("version = 1\n", "version = 2\n"));
    let ran = workspace.run(["schemes", "publish", "abc.toml", "--dry-run"]).fine();
    insta::assert_snapshot!("publish", ran.out);
    let document = workspace.run(["schemes", "publish", "abc.toml", "--dry-run", "--json"]).fine().json();
    insta::assert_json_snapshot!("publish_json", document);
    assert!(workspace.content() == before, "a dry run wrote something");

    let ran = workspace.run(["schemes", "publish", "abc.toml", "--language", "zh"]).fine();
    assert!(ran.out.starts_with("abc 第 2 版已发布，替代第 1 版，从下次刷新起生效。"), "{}", ran.out);
    assert!(workspace.shop().join("library/schemes/.history/abc.v1.toml").is_file());
    let again = workspace.run(["schemes", "publish", "abc.toml"]).failed();
    assert!(again.err.contains("published already, word for word"), "{}", again.err);
    let missing = workspace.run(["schemes", "publish", "nowhere.toml"]).failed();
    assert!(missing.err.contains("nowhere.toml"), "{}", missing.err);
}
