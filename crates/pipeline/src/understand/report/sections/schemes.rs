//! The catalogue: every scheme of the run in a line, and in full when it is opened.

use std::collections::BTreeSet;

use clientele_model::TierId;
use clientele_model::spec::MetricSource;
use clientele_model::spec::scheme::Rule;
use clientele_report::charts::{Part, Strip};
use clientele_report::page::{Block, Entry, Section};
use clientele_report::shade::Shade;

use super::super::data::{ReportData, SchemeData};
use super::super::numbers::Numbers;
use super::groups::{CHAPTERS, chapter};
use super::{OWN_SECTION, facts, scheme};

/// Tiers that are named beside the small bar.
const NAMED: usize = 4;

/// The section; `None` when the run applied no scheme.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    if data.schemes.is_empty() {
        return None;
    }
    let mut section =
        Section::new("schemes", l.pick("All classifications", "全部分层方案")).says(says(data, n));
    for (place, of) in CHAPTERS.iter().enumerate() {
        let schemes = data.schemes.iter().filter(|s| chapter(s.scheme.id.as_str()) == place);
        let entries: Vec<Entry> = schemes.map(|s| entry(s, n)).collect();
        if !entries.is_empty() {
            let part = Section::new(format!("chapter-{}", of.id), l.pick(of.name.0, of.name.1));
            section.parts.push(part.with(Block::Entries(entries)));
        }
    }
    Some(section)
}

fn says(data: &ReportData, n: &Numbers) -> String {
    let l = n.language;
    let schemes = data.schemes.len();
    let blind = data.schemes.iter().filter(|s| scheme::is_blind(s)).count();
    let whole = data.schemes.iter().filter(|s| s.unknown() == 0 && !scheme::is_blind(s)).count();
    let counted = |count: usize| n.count(i64::try_from(count).unwrap_or(i64::MAX));
    let (all, some) = (counted(schemes), counted(schemes - blind - whole));
    let (blind, whole) = (counted(blind), counted(whole));
    l.pick(
        format!(
            "Of {all} classifications {whole} place every customer, {some} place some, and {blind} place nobody yet, for \
             lack of facts. Open one to see its tiers, its rule and what to do."
        ),
        format!(
            "共 {all} 种分层方案：{whole} 种覆盖全部客户，{some} 种覆盖部分客户，{blind} 种因缺少资料尚无结果。展开可查看层级、规则和应对办法。"
        ),
    )
}

fn entry(data: &SchemeData, n: &Numbers) -> Entry {
    let l = n.language;
    let scheme = &data.scheme;
    let own = OWN_SECTION.contains(&scheme.id.as_str()) && !scheme::is_blind(data);
    let told =
        own.then(|| if scheme.id.as_str() == "rfm-11" { "rfm".to_owned() } else { scheme.id.to_string() });
    let blocks = match own {
        true => Vec::new(),
        false => {
            let says = scheme::says(data, n);
            [Block::Says(says)].into_iter().chain(scheme::details(data, n)).collect()
        }
    };
    let (strip, label) = (!scheme::is_blind(data)).then(|| strip(data, n)).unzip();
    Entry {
        id: format!("catalogue-{}", scheme.id),
        title: scheme.name.get(l).to_owned(),
        question: scheme.question.get(l).to_owned(),
        kind: kind(&scheme.rule, n).to_owned(),
        strip,
        label: label.unwrap_or_default(),
        lacks: lacks(data, n).unwrap_or_default(),
        told,
        blocks,
    }
}

fn kind(rule: &Rule, n: &Numbers) -> &'static str {
    let (en, zh) = match rule {
        Rule::Bands { .. } => ("thresholds", "阈值分段"),
        Rule::Quantiles { .. } => ("equal shares", "分位数"),
        Rule::Share { .. } => ("share of a total", "累计占比"),
        Rule::Codes { .. } => ("score codes", "评分代码"),
        Rule::Rules { .. } => ("rules", "规则"),
        Rule::Scorecard { .. } => ("scorecard", "评分卡"),
        Rule::Matrix { .. } => ("two schemes crossed", "交叉矩阵"),
        Rule::Checklist { .. } => ("checklist", "核对清单"),
        Rule::Questionnaire { .. } => ("questionnaire", "问卷"),
        Rule::Cluster(_) => ("clusters", "聚类"),
        Rule::Model { .. } => ("estimate", "估计值"),
        Rule::Attribute { .. } => ("attribute", "属性"),
        Rule::Manual => ("set by hand", "人工指定"),
    };
    n.language.pick(en, zh)
}

/// The tiers as one bar, and its largest in words.
fn strip(data: &SchemeData, n: &Numbers) -> (Strip, String) {
    let tiers = &data.sizes.tiers;
    let name = |tier: &str| scheme::tier_name(&data.scheme, tier, n);
    let parts: Vec<Part> = tiers
        .iter()
        .map(|t| {
            let shade = match data.scheme.ranked || t.tier == TierId::UNKNOWN {
                true => scheme::shade(&data.scheme, &t.tier),
                // Without a rank neighbours are told apart by two strengths.
                false => Shade::Tier(data.scheme.position(&t.tier).unwrap_or(0) % 2 * 5 + 1),
            };
            let name = format!("{} {}", name(&t.tier), n.share(t.customer_share));
            Part { name, size: t.customers as f64, shade }
        })
        .collect();
    let mut largest: Vec<_> = tiers.iter().filter(|t| t.customers > 0).collect();
    largest.sort_by_key(|t| -t.customers);
    let words: Vec<String> = largest
        .iter()
        .take(NAMED)
        .map(|t| format!("{} {}", name(&t.tier), n.share(t.customer_share)))
        .collect();
    (Strip { parts }, n.list(&words))
}

/// Who cannot be placed, and for lack of what; `None` when everybody is.
fn lacks(data: &SchemeData, n: &Numbers) -> Option<String> {
    let l = n.language;
    let everyone: i64 = data.sizes.tiers.iter().map(|t| t.customers).sum();
    let unknown = data.unknown();
    if unknown == 0 {
        return None;
    }
    let who = l.pick(
        format!("Unknown: {} ({})", n.customers(unknown), n.part(unknown, everyone)),
        format!("未知：{}（{}）", n.customers(unknown), n.part(unknown, everyone)),
    );
    let why = match &data.scheme.rule {
        Rule::Manual => l.pick("until somebody sets their tier by hand", "尚未人工指定层级").to_owned(),
        _ if data.missing.is_empty() => {
            l.pick("outside the base that the scheme looks at", "不属于该方案的适用范围").to_owned()
        }
        _ => {
            let parts: Vec<String> = data.missing.iter().map(|m| n.named(m.name.get(l))).collect();
            let sources: BTreeSet<MetricSource> = data.missing.iter().filter_map(|m| m.absent).collect();
            let mut absent: Vec<&str> = sources.into_iter().map(|source| facts::name(source, n)).collect();
            // Two kinds of facts may come in one sort of file.
            absent.dedup();
            let import = match absent.is_empty() {
                true => String::new(),
                false => {
                    let absent: Vec<String> = absent.into_iter().map(str::to_owned).collect();
                    l.pick(format!(" – import {}", n.list(&absent)), format!("，请导入{}", n.list(&absent)))
                }
            };
            l.pick(
                format!("for lack of {}{import}", n.list(&parts)),
                format!("缺少{}{import}", n.list(&parts)),
            )
        }
    };
    Some(l.pick(format!("{who}, {why}."), format!("{who}，{why}。")))
}
