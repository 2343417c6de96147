//! Plain tables of each kind, in English and Chinese.

use clientele_model::spec::source::Grain;
use clientele_pipeline::clean::Rule;

use super::super::fixture::{Shop, batch_of};

/// A file of each kind: its layout, its table, the columns to look at and the rows expected.
const FILES: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "customer_id,event_time,event_type,product_id,category,price,session_id,campaign,device\n\
         a,2025-01-02 10:00:00,view_item,P1,shoes,9.50,s1,,ios\n\
         b,2025-01-03T11:00:00Z,add_to_cart,P2,,,s2,spring,\n\
         a,2025-01-02 10:00:00,Video Played,,,,,,\n",
        "generic-events",
        "events",
        "customer_id, occurred_at, kind, item_id, category, value, session_id, campaign, attributes",
        &[
            "a|2025-01-02T10:00:00|Video Played||||||",
            "a|2025-01-02T10:00:00|view|P1|shoes|9.5000|s1||{\"device\":\"ios\"}",
            "b|2025-01-03T19:00:00|cart|P2|||s2|spring|",
        ],
    ),
    (
        "用户id,时间,行为,商品编号\n甲,2025/1/2 8:00,浏览,G1\n乙,2025/1/3 9:00,加购,G2\n",
        "generic-events",
        "events",
        "customer_id, occurred_at, kind, item_id",
        &["乙|2025-01-03T09:00:00|cart|G2", "甲|2025-01-02T08:00:00|view|G1"],
    ),
    (
        "customer_id,contacted at,contact type,direction,agent,outcome,duration,notes\n\
         a,2025-01-02 10:00:00,Phone call,inbound,Kim,asked_process,3.5,Wants an offer\n\
         b,2025-01-03 10:00:00,Fax,sideways,Lee,,,\n",
        "generic-interactions",
        "interactions",
        "customer_id, kind, direction, staff, outcome, minutes, text, attributes",
        &[
            "a|call|in|Kim|asked_process|3.5|Wants an offer|",
            "b|other||Lee||||{\"kind\":\"Fax\",\"direction\":\"sideways\"}",
        ],
    ),
    (
        "客户编号,跟进时间,跟进方式,跟进人,跟进内容\n甲,2025-01-02 10:00,微信,小李,报价已发\n",
        "generic-interactions",
        "interactions",
        "customer_id, kind, staff, text",
        &["甲|message|小李|报价已发"],
    ),
    (
        "ticket_id,customer_id,opened_at,first_response_at,closed_at,type,category,reason,priority,status,channel,satisfaction,reopened,vip\n\
         T1,a,2025-01-01 09:00,2025-01-01 10:30,2025-01-02 09:00,complaint,delivery,late,High,Solved,E-Mail,4,1,true\n\
         T2,b,2025-01-05 09:00,,,Question,,,,open,,,,\n",
        "generic-tickets",
        "tickets",
        "ticket_id, customer_id, first_response_at, closed_at, kind, priority, status, channel, satisfaction, reopened, attributes",
        &[
            "T1|a|2025-01-01T10:30:00|2025-01-02T09:00:00|complaint|high|closed|email|4.0|1|{\"vip\":true}",
            "T2|b|||question||open||||",
        ],
    ),
    (
        "工单编号,客户编号,创建时间,关闭时间,工单类型,状态,满意度\n7,甲,2025-01-01 09:00,,投诉,处理中,\n",
        "generic-tickets",
        "tickets",
        "ticket_id, customer_id, kind, status, closed_at",
        &["7|甲|complaint|open|"],
    ),
    (
        "customer_id,answered_at,survey,question,value,comment\n\
         a,2025-01-02,NPS,nps,9,Fine\nb,2025-01-02,CSAT,csat,4,\n\
         b,2025-01-03,own,q9,55,\n",
        "generic-responses",
        "responses",
        "customer_id, survey, question, value, scale_min, scale_max, text",
        &["a|nps|nps|9.0|0.0|10.0|Fine", "b|csat|csat|4.0|1.0|5.0|", "b|own|q9|55.0|||"],
    ),
    (
        "会员编号,提交时间,推荐意愿,满意度,意见\n甲,2025-01-02 10:00,10,5,很好\n乙,2025-01-03 10:00,6,,\n",
        "generic-answer-sheets",
        "responses",
        "customer_id, survey, question, value, scale_max, text",
        &["乙|nps|nps|6.0|10.0|", "甲|csat|csat|5.0|5.0|很好", "甲|nps|nps|10.0|10.0|"],
    ),
    (
        "deal id,customer_id,create date,deal stage,deal value,probability,expected close date,owner\n\
         D1,a,2025-01-02,Proposal/Price Quote,\"1,000.50\",60%,2025-12-31,Kim\n\
         D2,a,2025-02-02,Closed Won,200,100%,,Lee\nD3,b,2025-03-02,Pilot,,0.4,,\n",
        "generic-opportunities",
        "opportunities",
        "opportunity_id, customer_id, stage, stage_rank, amount, probability, expected_close, outcome, owner",
        &[
            "D1|a|proposal|4|1000.5000|0.6|2025-12-31|open|Kim",
            "D2|a|won|6|200.0000|1.0||won|Lee",
            "D3|b|Pilot|||0.4||open|",
        ],
    ),
    (
        "商机编号,客户编号,阶段,进入阶段时间\nS1,甲,报价,2025-01-02\nS1,甲,赢单,2025-02-02\n",
        "generic-opportunity-stages",
        "opportunity_stages",
        "opportunity_id, customer_id, stage, entered_at",
        &["S1|甲|proposal|2025-01-02T00:00:00", "S1|甲|won|2025-02-02T00:00:00"],
    ),
    (
        "referrer,referred customer,relation type,since\na,b,referred,2025-01-02\na,c,chess club,\n",
        "generic-relations",
        "relations",
        "customer_id, to_id, kind, since, attributes",
        &["a|b|referral|2025-01-02T00:00:00|", "a|c|other||{\"kind\":\"chess club\"}"],
    ),
    (
        "推荐人,被推荐人,关系类型,推荐时间\n甲,乙,转介绍,2025-01-02\n",
        "generic-relations",
        "relations",
        "customer_id, to_id, kind",
        &["甲|乙|referral"],
    ),
    (
        "customer_id,channel,consent status,changed_at,source\na,E-mail,opted in,2025-01-02,web form\na,SMS,no,2025-02-02,\n",
        "generic-consents",
        "consents",
        "customer_id, channel, status, changed_at, origin",
        &["a|email|given|2025-01-02T00:00:00|web form", "a|sms|withdrawn|2025-02-02T00:00:00|"],
    ),
    (
        "会员编号,会员计划,会员等级,积分,入会时间,到期时间\n甲,金卡会,黄金,1200.5,2024-01-02,2030-01-02\n",
        "generic-memberships",
        "memberships",
        "customer_id, programme, level, points, joined_at, expires_at",
        &["甲|金卡会|黄金|1200.5|2024-01-02T00:00:00|2030-01-02T00:00:00"],
    ),
    (
        "customer_id,date,cost type,cost\na,2025-01-02,Customer service,12.5\na,2025-01-02,Customer service,12.5\n",
        "generic-service-costs",
        "service_costs",
        "customer_id, kind, amount, occurrence",
        &["a|support|12.5000|", "a|support|12.5000|2"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_is_recognised_and_kept() {
    for (file, layout, table, columns, expected) in FILES {
        let shop = Shop::new("CNY").await;
        let report = shop.import("facts.csv", file).await;
        assert_eq!(report.layout, *layout, "{file}");
        assert_eq!(report.report.rejected, 0, "{file}\n{:?}", report.report.rules);
        assert_eq!(shop.rows(table, columns).await, *expected, "{file}");
        let keys = shop.rows("customer_keys", "customer_id").await;
        assert!(!keys.is_empty() && keys.len() as u64 == report.report.totals.customers, "{keys:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_and_orders_of_a_customer_meet() {
    let shop = Shop::new("CNY").await;
    shop.import("o.csv", "order_id,customer_id,ordered_at,amount\n1,a,2025-01-01,10\n").await;
    let report = shop
        .import(
            "t.csv",
            "ticket_id,customer_id,opened_at,status\nT1,a,2025-01-02,open\nT2,new,2025-01-03,open\n",
        )
        .await;
    assert_eq!(report.grain, Grain::Ticket);
    assert_eq!((report.report.totals.records, report.report.totals.orders), (2, 0));
    assert_eq!(shop.rows("tickets", "customer_id, customer_key").await, ["a|0", "new|1"]);
    assert_eq!(shop.rows("orders", "customer_id, customer_key").await, ["a|0"]);
    assert_eq!(shop.rows("customer_keys", "customer_id, batch").await, ["a|b0001", "new|b0002"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_another_source_can_be_about_its_customers() {
    let shop = Shop::new("CNY").await;
    shop.import("o.csv", "order_id,customer_id,ordered_at,amount\n1,a,2025-01-01,10\n").await;
    let text = "event_time,event_type,product_id,category_id,user_id,user_session,price\n\
        2025-01-02 00:00:00 UTC,view,1,2,a,s,3.5\n";
    let mut request = shop.request(shop.file("e.csv", text));
    request.by_hand.set("family", "default").expect("a field");
    let report = shop.run(&request).await.expect("an import");
    assert_eq!(report.layout, "rees46-events");
    assert_eq!(shop.rows("events", "source, customer_key").await, ["default|0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_to_questionnaires_are_found_by_their_questions() {
    let shop = Shop::new("CNY").await;
    let folder = shop.workspace.library("questionnaires");
    std::fs::create_dir_all(&folder).expect("a folder");
    let questions: String = ["tea", "milk"]
        .iter()
        .map(|id| {
            format!(
                "[[questions]]\nid = \"{id}\"\ndimension = \"taste\"\ntext = {{ en = \"?\", zh = \"？\" }}\n"
            )
        })
        .collect();
    let text = format!(
        "id = \"drinks\"\nversion = 1\nname = {{ en = \"Drinks\", zh = \"饮品\" }}\n\
         question = {{ en = \"What?\", zh = \"什么？\" }}\norigin = {{ en = \"Ours\", zh = \"自有\" }}\n\
         scale = {{ min = 1, max = 3 }}\n[[dimensions]]\nid = \"taste\"\nname = {{ en = \"Taste\", zh = \"口味\" }}\n{questions}"
    );
    std::fs::write(folder.join("drinks.toml"), text).expect("a questionnaire");
    let report = shop
        .import("sheet.csv", "customer_id,answered_at,tea,milk\na,2025-01-02,3,1\nb,2025-01-02,4,1\n")
        .await;
    assert_eq!(report.layout, "generic-answer-sheets");
    assert_eq!((report.report.accepted, report.report.count(Rule::OffScale)), (2, 1));
    assert_eq!((report.report.records, report.report.rejected), (3, 0));
    let columns = "customer_id, survey, question, value, scale_min, scale_max";
    assert_eq!(
        shop.rows("responses", columns).await,
        ["a|drinks|milk|1.0|1.0|3.0", "a|drinks|tea|3.0|1.0|3.0", "b|drinks|milk|1.0|1.0|3.0"]
    );
    let report = shop
        .import("long.csv", "customer_id,answered_at,survey,question,value\nc,2025-01-02,drinks,tea,9\n")
        .await;
    assert_eq!(report.report.count(Rule::OffScale), 1, "{}", batch_of(&report));
    // Another questionnaire with questions of the same names: now somebody has to say which.
    let other = std::fs::read_to_string(folder.join("drinks.toml")).expect("a questionnaire");
    std::fs::write(folder.join("food.toml"), other.replace("drinks", "food")).expect("a questionnaire");
    let mut request =
        shop.request(shop.file("more.csv", "customer_id,answered_at,tea,milk\nd,2025-01-02,3,1\n"));
    let error = shop.run(&request).await.expect_err("two questionnaires");
    assert!(error.to_string().contains("--map survey="), "{error}");
    request.by_hand.set("survey", "food").expect("a field");
    shop.run(&request).await.expect("an import");
    assert_eq!(shop.rows("responses", "survey").await, ["drinks", "drinks", "drinks", "food", "food"]);
}
