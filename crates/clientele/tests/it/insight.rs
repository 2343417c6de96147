//! Groups described, compared and crossed, as users see it.

use serde_json::Value;

use crate::support::Workspace;

/// Forty people who order tea on the web and forty who order cups in the store, in groups that can be told apart.
fn shop(language: &str) -> Workspace {
    let workspace = Workspace::in_language(language);
    let mut orders =
        String::from("order_id,customer_id,ordered_at,amount,discount,category,channel,region\n");
    let mut answers = String::from("customer_id,answered_at,survey,question,value\n");
    for n in 0..40 {
        for order in 0..2 + n % 3 {
            let day = 1 + (n + 7 * order) % 28;
            orders +=
                &format!("T{n}-{order},T{n:02},2025-05-{day:02} 09:15,{},1.00,tea,web,North\n", 8 + n % 5);
        }
        orders +=
            &format!("K{n}-0,K{n:02},2025-02-{:02} 19:40,{},0.00,cups,store,South\n", 1 + n % 28, 90 + n);
        answers += &format!("T{n:02},2025-06-{:02} 10:00,nps,nps,{}\n", 1 + n % 28, 8 + n % 3);
        answers += &format!("K{n:02},2025-06-{:02} 10:00,nps,nps,{}\n", 1 + n % 28, 3 + n % 5);
    }
    for (name, text) in [("orders.csv", orders), ("answers.csv", answers)] {
        let file = workspace.write(name, text);
        workspace.run([std::ffi::OsStr::new("import"), file.as_ref()]).fine();
    }
    let metrics = "frequency,monetary,favourite_category,favourite_channel,discount_share,nps_last,tenure_days,weekend_share";
    workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "abc", "--metrics", metrics]).fine();
    workspace
}

const LINES: [&str; 6] = [
    "persona abc=a",
    "drivers nps_last --of frequency,discount_share",
    "drivers spend --of nps_last,weekend_share",
    "crosstab favourite_category favourite_channel",
    "demand abc",
    "satisfaction abc",
];

fn outputs(language: &str) -> String {
    let workspace = shop(language);
    let shown = LINES.map(|line| {
        let ran = workspace.run(line.split_whitespace()).fine();
        assert_eq!(ran.err, "", "{line} is silent on stderr");
        format!("$ clientele {line}\n{}", ran.out)
    });
    shown.join("\n")
}

#[test]
fn what_groups_are_like_in_english() {
    insta::assert_snapshot!(outputs("en"));
}

#[test]
fn what_groups_are_like_in_chinese() {
    insta::assert_snapshot!(outputs("zh"));
}

#[test]
fn documents_of_what_groups_are_like() {
    let workspace = shop("en");
    let documents: std::collections::BTreeMap<&str, Value> = LINES
        .iter()
        .map(|line| (*line, workspace.run(line.split_whitespace().chain(["--json"])).fine().json()))
        .collect();
    insta::assert_json_snapshot!(documents);
}

/// Weekends have nothing to do with spend in this shop.
#[test]
fn what_explains_no_more_than_chance_is_no_advice() {
    let workspace = shop("en");
    let line = ["drivers", "spend", "--of", "weekend_share"];
    let shown = workspace.run(line).fine().out;
    assert!(shown.contains("explain no more than chance would") && !shown.contains("improve"), "{shown}");
    let found = workspace.run(line.iter().chain(&["--json"])).fine().json();
    assert!(found["p"].as_f64().is_some_and(|p| p > 0.05), "{found}");
    assert_eq!(found["drivers"][0]["advice"], Value::Null);
    assert_eq!(found["drivers"][0]["no_advice"], "chance");
    // Surer than chance; but how often somebody orders is for them to say.
    let sure = workspace.run(["drivers", "nps_last", "--of", "frequency", "--json"]).fine().json();
    assert_eq!(
        (&sure["drivers"][0]["advice"], &sure["drivers"][0]["no_advice"]),
        (&Value::Null, &"not_movable".into())
    );
}

#[test]
fn small_groups_and_wrong_names_are_told_with_a_cure() {
    let workspace = shop("en");
    let says = |line: &str, what: &str| {
        let failed = workspace.run(line.split_whitespace()).failed();
        assert!(failed.err.contains(what), "{line}: {}", failed.err);
    };
    says("persona abc=d", "its tiers are a, b, c");
    says("persona abd=a", "did you mean `abc`?");
    says("persona nobody-knows", "nobody-knows");
    says("crosstab abc abc", "name two");
    says("crosstab abc frequenzy", "did you mean `frequency`?");
    says("drivers joy", "satisfaction, repeat, churn, spend");
    says("drivers nps_last --of favourite_channel", "words, not numbers");
    says("demand nothing", "nothing");

    let settings = workspace.shop().join("clientele.toml");
    let text = std::fs::read_to_string(&settings).expect("the settings");
    let larger = text.replace("minimum_group = 5", "minimum_group = 60");
    assert_ne!(larger, text);
    std::fs::write(&settings, larger).expect("the settings are written");
    says("persona abc=a", "fewer than 60 customers");
    says("crosstab favourite_category favourite_channel", "nothing to compare");
    let demand = workspace.run(["demand", "abc", "--json"]).fine().json();
    assert_eq!(demand["classes"].as_array().map(Vec::len), Some(0));
    let satisfaction = workspace.run(["satisfaction", "abc", "--json"]).fine().json();
    assert_eq!(satisfaction["classes"].as_array().map(Vec::len), Some(0));
}

/// Of A 35 favour cups, of B 5 do and 17 tea, of C 23 favour tea.
#[test]
fn what_follows_of_a_few_is_left_out_and_told_to_be() {
    let workspace = shop("en");
    let settings = workspace.shop().join("clientele.toml");
    let text = std::fs::read_to_string(&settings).expect("the settings");
    let larger = |minimum: &str| {
        let changed = text.replace("minimum_group = 5", &format!("minimum_group = {minimum}"));
        assert_ne!(changed, text);
        std::fs::write(&settings, changed).expect("the settings are written");
    };
    larger("6");
    // The 5 take all others with them. Chi-square is 2 x 17.5 + 2 x 36/11 + 2 x 11.5 = 64.5, so V is 0.898 of 80
    // customers, and 0.890 corrected.
    let table = workspace.run(["crosstab", "abc", "favourite_category", "--json"]).fine().json();
    let cells: Vec<&Value> = table["cells"]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|row| row.as_array().expect("cells"))
        .collect();
    assert_eq!(cells.len(), 6);
    assert!(cells.iter().all(|cell| cell["customers"].is_null() && cell["residual"].is_null()), "{table}");
    assert_eq!(
        (&table["hidden"], &table["chi_square"], &table["p"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    assert_eq!((&table["cramers_v"], &table["cramers_v_corrected"]), (&0.9.into(), &0.89.into()));
    assert_eq!((&table["p_below"], &table["significant"]), (&0.001.into(), &true.into()));
    let said = workspace.run(["crosstab", "abc", "favourite_category"]).fine().out;
    assert!(said.contains("V 0.89 (large), p < 0.001; rounded, as cells are hidden."), "{said}");

    // A quarter of 35 is fewer than ten, and 5 buyers of cups are left in B, whom the 17 of tea would tell.
    larger("10");
    let said = workspace.run(["persona", "abc=a"]).fine().out;
    assert!(said.contains("The typical member\nLeft out or –: too few customers to tell."), "{said}");
    assert!(!said.contains("Nearest to it"), "{said}");
    let buyers = workspace.run(["persona", "abc=b", "--json"]).fine().json();
    let categories: Vec<&Value> = buyers["traits"]
        .as_array()
        .expect("traits")
        .iter()
        .filter(|one| one["metric"] == "favourite_category")
        .collect();
    assert!(categories.is_empty(), "{categories:?}");
}
