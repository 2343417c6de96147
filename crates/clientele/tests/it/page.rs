//! The report as a browser shows it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Measures the page and puts what it found into the title.
const PROBE: &str = r#"<script>
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (element) => element.getClientRects().length > 0;
document.title = JSON.stringify({
  sections: all("section").filter(shown).length,
  charts: all("svg").filter((svg) => shown(svg) && svg.getBoundingClientRect().width > 0).length,
  lost: all("a[href^='#']").map((a) => a.getAttribute("href")).filter((to) => !document.querySelector(to)),
  fetched: all("[src], link[href]").filter((e) => !(e.src || e.href).startsWith("data:")).length,
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
});
</script></body>"#;

/// Opens a copy of the page in headless Chromium and insists that charts are drawn, links lead somewhere,
/// nothing is fetched, and nothing sticks out, on a desk and on a phone.
pub fn is_shown_well(page: &str, folder: &Path) {
    let Ok(found) = Command::new("chromium").arg("--version").output() else {
        eprintln!("SKIPPED: no Chromium; `make setup` installs it");
        return;
    };
    assert!(found.status.success());
    let copy = folder.join("probed.html");
    fs::write(&copy, page.replacen("</body>", PROBE, 1)).expect("a copy of the page");
    for width in [1280, 500] {
        let output = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", folder.join("browser").display()))
            .arg(format!("--window-size={width},900"))
            .arg("--dump-dom")
            .arg(format!("file://{}", copy.display()))
            .output()
            .expect("Chromium");
        let dom = String::from_utf8_lossy(&output.stdout);
        let title = dom.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        let told: Value = serde_json::from_str(title.expect("a title").0).expect("the probe's findings");
        assert!(told["sections"].as_u64() >= Some(10) && told["charts"].as_u64() >= Some(10), "{told}");
        assert_eq!(told["lost"], serde_json::json!([]), "{told}");
        assert_eq!((told["fetched"].as_i64(), told["wider"].as_i64()), (Some(0), Some(0)), "{width}: {told}");
    }
}
