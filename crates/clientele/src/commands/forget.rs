//! `clientele forget`: customers leave everything, for good.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clientele_model::problem::kinds::command::{DECLINED, REMAINS, UNASKED};
use clientele_pipeline::forget::{self, ForgetRequest};
use clientele_present::forget::{
    ExportedFile, Fate, Finding, ForgetPlan, Forgotten, MarkKind, Outcome, Proof, TableShare,
};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table, count};

#[derive(Debug, Args)]
pub struct Forget {
    /// The customers' ids, or SOURCE:ID
    #[arg(value_name = "CUSTOMER", required_unless_present = "file")]
    customers: Vec<String>,
    /// A file of ids, one a row: CSV, XLSX or any other that can be imported
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What becomes of their orders: kept as remainders that lead to nobody, so that totals of old days
    /// hold, or dropped
    #[arg(long, value_name = "TOTALS", default_value = "keep")]
    totals: Totals,
    /// Only tell what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask: it cannot be undone
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Totals {
    Keep,
    Drop,
}

pub async fn run(context: &Context, args: Forget) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let mut customers = args.customers;
    if let Some(file) = &args.file {
        customers.extend(forget::ids_of_file(file)?);
    }
    let drops_totals = args.totals == Totals::Drop;
    let request = ForgetRequest { customers, drops_totals, now: context.now(&workspace) };
    let progress = context.progress();
    if args.dry_run {
        let plan = ForgetPlan::from(&forget::plan(&workspace, &request, &progress).await?);
        return context.output.result(&plan, || plan_text(context, &plan));
    }
    if !args.yes {
        if !std::io::stdin().is_terminal() {
            return Err(UNASKED.problem().into());
        }
        let plan = ForgetPlan::from(&forget::plan(&workspace, &request, &progress).await?);
        context.output.tell(&plan_text(context, &plan));
        if !is_confirmed(context)? {
            return Err(DECLINED.problem().into());
        }
    }
    let done = Forgotten::from(&forget::forget(&workspace, &request, &progress).await?);
    context.output.result(&done, || done_text(context, &done))?;
    match done.proof.as_ref().is_none_or(|proof| proof.left.is_empty()) {
        true => Ok(()),
        // What is left has been shown with the rest.
        false => Err(REMAINS.problem().into()),
    }
}

/// Asks on stderr; results alone go to stdout.
fn is_confirmed(context: &Context) -> Result<bool, Failure> {
    let question = context
        .pick("This cannot be undone. Write yes to forget them: ", "此操作无法撤销。输入 yes 确认遗忘：");
    let mut err = std::io::stderr();
    write!(err, "{question}").and_then(|()| err.flush()).map_err(Failure::Output)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(Failure::Output)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

fn plan_text(context: &Context, plan: &ForgetPlan) -> String {
    let customers = context.customers(plan.customers);
    let head = context.pick(
        format!("To forget {customers}, this would happen:"),
        format!("遗忘 {customers}将有以下改动："),
    );
    let mut text = format!("{head}\n{}", tables(context, &plan.tables));
    for export in &plan.exports {
        text += &context.pick(
            format!("\n{export} would be made anew, or removed."),
            format!("\n{export} 将重新生成或删除。"),
        );
    }
    text + &alike(context, &plan.alike)
}

fn done_text(context: &Context, done: &Forgotten) -> String {
    if done.was_completed {
        return context
            .pick(
                "An earlier forgetting that had been cut off is complete now. Nothing is held of them.",
                "此前中断的遗忘现已完成；没有他们的任何数据。",
            )
            .to_owned();
    }
    let customers = context.customers(done.customers);
    let head = context.pick(format!("Forgot {customers}."), format!("已遗忘 {customers}。"));
    let mut text = format!("{head}\n{}", tables(context, &done.tables));
    for ExportedFile { file, fate } in &done.exports {
        text += &match fate {
            Fate::Remade => {
                context.pick(format!("\n{file} was made anew."), format!("\n{file} 已重新生成。"))
            }
            Fate::Removed => context.pick(format!("\n{file} was removed."), format!("\n{file} 已删除。")),
            Fate::Changed => context.pick(
                format!("\n{file} holds them, but somebody has changed it since: correct or remove it."),
                format!("\n{file} 含有他们，但已被人改动过：请手动更正或删除。"),
            ),
        };
    }
    if let Some(proof) = &done.proof {
        text += &proven(context, proof);
    }
    text + &alike(context, &done.alike)
}

fn tables(context: &Context, tables: &[TableShare]) -> String {
    let heads = context.pick(
        ["table", "rows", "what becomes of them", "named in", "files"],
        ["表", "行数", "处理", "被提及的行", "文件"],
    );
    let aligns = [Align::Left, Align::Right, Align::Left, Align::Right, Align::Right];
    let columns: Vec<(&str, Align)> = heads.into_iter().zip(aligns).collect();
    let mut table = Table::new(&columns);
    for share in tables {
        let outcome = match share.outcome {
            Outcome::Removed => context.pick("removed", "删除"),
            Outcome::Anonymous => context.pick("kept without the customer", "匿名保留"),
            Outcome::Retold => context.pick("told without the customer", "去除后保留"),
        };
        table.row([
            share.table.to_owned(),
            count(share.rows as i64),
            outcome.to_owned(),
            count(share.retold as i64),
            count(share.files as i64),
        ]);
    }
    table.text()
}

fn proven(context: &Context, proof: &Proof) -> String {
    let files = context.count(proof.files, ["file", "files"], "个文件");
    let size = count((proof.bytes / 1024) as i64);
    let mut text = context.pick(
        format!("\nSearched {files} ({size} KiB), unpacked, for ids, names, e-mails and phones: "),
        format!("\n已解压并搜索 {files}（{size} KiB）中的编号、姓名、邮箱和电话："),
    );
    if proof.left.is_empty() && proof.others.is_empty() && proof.workspace.is_empty() {
        return text + context.pick("nothing is left.", "没有任何残留。");
    }
    text += match proof.left.is_empty() {
        true => context.pick("nothing of theirs is left in the lake.", "数据湖中没有他们的任何残留。"),
        false => context.pick("something is LEFT in the lake:", "数据湖中仍有残留："),
    };
    text += &findings(context, &proof.left);
    if !proof.others.is_empty() {
        text += context.pick(
            "\nThe same stands in rows about others, who have it too or wrote of them:",
            "\n其他客户的数据中也有相同内容（他们同样使用，或提到了此人）：",
        );
        text += &findings(context, &proof.others);
    }
    if !proof.workspace.is_empty() {
        text += context.pick(
            "\nFiles of the workspace that are not ours to change hold it; correct or remove them:",
            "\n工作区中有不由本程序管理的文件含有这些内容，请更正或删除：",
        );
        text += &findings(context, &proof.workspace);
    }
    text
}

fn findings(context: &Context, findings: &[Finding]) -> String {
    let told = findings.iter().map(|Finding { at, kind, times }| {
        let kind = match kind {
            MarkKind::Id => context.pick("id", "编号"),
            MarkKind::Name => context.pick("name", "姓名"),
            MarkKind::Email => context.pick("e-mail", "邮箱"),
            MarkKind::Phone => context.pick("phone", "电话"),
        };
        let times = context.count(*times, ["time", "times"], "次");
        context.pick(format!("\n  {at}: {kind}, {times}"), format!("\n  {at}：{kind}，{times}"))
    });
    told.collect()
}

fn alike(context: &Context, alike: &[String]) -> String {
    if alike.is_empty() {
        return String::new();
    }
    let names = alike.join(", ");
    context.pick(
        format!("\nOther customers have the same e-mail or phone, and may be the same people: {names}."),
        format!("\n以下客户的邮箱或电话相同，可能是同一人：{names}。"),
    )
}
