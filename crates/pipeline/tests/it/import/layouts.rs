//! The layouts of the usual systems, each on a small file like its exports.

use clientele_pipeline::clean::Rule;

use super::fixture::Shop;

const ORDER: &str = "order_id, customer_id, ordered_at, status, amount, refunded";

#[tokio::test(flavor = "multi_thread")]
async fn the_benchmarks_orders_need_no_mapping() {
    let shop = Shop::new("GBP").await;
    let report = shop
        .import(
            "orders.csv",
            "order_id,customer_id,customer_key,ordered_at,amount,cost,category,channel,status\n\
             1,10,C0000000010,2024-07-01 00:00:05,12.34,5.00,category_01,web,completed\n\
             2,11,C0000000011,2024-07-01 00:00:09,8.00,3.50,category_02,app,returned\n\
             3,10,C0000000010,2024-07-02 00:00:00,1.00,0.50,category_01,web,cancelled\n",
        )
        .await;
    assert_eq!(report.layout, "generic-orders");
    assert_eq!(report.mapping.ignored, ["customer_key"]);
    assert_eq!(report.mapping.attributes, Vec::<String>::new());
    assert_eq!(
        shop.rows("orders", &format!("{ORDER}, cost, category, channel")).await,
        [
            "1|10|2024-07-01T00:00:05|completed|12.3400|0.0000|5.0000|category_01|web",
            "2|11|2024-07-01T00:00:09|returned|8.0000|8.0000|3.5000|category_02|app",
            "3|10|2024-07-02T00:00:00|cancelled|1.0000|0.0000|0.5000|category_01|web",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_orders_and_customers_of_one_shop_meet() {
    let shop = Shop::new("CNY").await;
    let orders = shop
        .import("订单.csv", "订单编号,会员编号,下单时间,实付金额,订单状态,优惠金额\nA1,会员1,2025/1/5 8:26,\"￥1,234.50\",交易成功,10元\n")
        .await;
    assert_eq!(orders.layout, "generic-orders");
    assert_eq!(orders.report.count(Rule::NumberSigns), 1);
    let customers = shop
        .import(
            "会员.csv",
            "会员编号,姓名,手机号,性别,生日,备注\n会员1,王 小明,138 0013 8000,女,1990-02-03,老客\n",
        )
        .await;
    assert_eq!(customers.layout, "generic-customers");
    assert_eq!(
        shop.rows("customers", "customer_key, customer_id, name, phone, birth_date, attributes").await,
        ["0|会员1|王 小明|+8613800138000|1990-02-03|{\"备注\":\"老客\"}"]
    );
    assert_eq!(shop.rows("orders", "customer_key, amount, discount").await, ["0|1234.5000|10.0000"]);
    assert_eq!(shop.rows("customer_keys", "customer_key, source, customer_id").await, ["0|default|会员1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn taobao_in_gb18030_with_all_its_quirks() {
    let shop = Shop::new("CNY").await;
    let text = "订单编号,买家会员名,买家支付宝账号,买家应付货款,总金额,买家实际支付金额,订单状态,收货人姓名,联系手机,订单创建时间,订单付款时间,宝贝标题,店铺名称\r\n\
        =\"3121312312312312\",tb_一,,88.00,98.00,88.00元,交易成功,张**,'13800138000,2024-05-01 10:00:00,2024-05-01 10:01:00,连衣裙，夏,小店\r\n\
        =\"3121312312312313\",tb_二,,20.00,20.00,20.00元,\"买家已付款，等待卖家发货\",李*,'138****8000,2024-05-02 10:00:00,2024-05-02 10:01:00,\"T恤,白\",小店\r\n\
        =\"3121312312312314\",\ttb_三,,5.00,5.00,0.00元,交易关闭,,,2024-05-03 10:00:00,,袜子,小店\r\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let report = shop.import("ExportOrderList.csv", bytes).await;
    assert_eq!(report.layout, "taobao-orders");
    assert!(report.sure > 0.8, "{}", report.sure);
    assert_eq!(report.report.rejected, 0, "{:?}", report.report.rules);
    assert_eq!(report.report.count(Rule::Spreadsheet), 3);
    assert_eq!(
        shop.rows("orders", &format!("{ORDER}, channel, shop")).await,
        [
            "3121312312312312|tb_一|2024-05-01T10:00:00|completed|88.0000|0.0000|taobao|小店",
            "3121312312312313|tb_二|2024-05-02T10:00:00|completed|20.0000|0.0000|taobao|小店",
            "3121312312312314|tb_三|2024-05-03T10:00:00|cancelled|0.0000|0.0000|taobao|小店",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn shopify_says_what_concerns_the_order_once() {
    let shop = Shop::new("USD").await;
    let report = shop
        .import(
            "orders_export.csv",
            "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Vendor,Payment Method,Billing Zip\n\
             #1001,a@x.com,paid,2024-01-05 10:31:00 -0500,USD,30.00,35.00,5.00,2024-01-05 10:30:00 -0500,1,Mug,10.00,MUG,0.00,Acme,card,'02139\n\
             #1001,,,,,,,,2024-01-05 10:30:00 -0500,2,Pen,12.50,PEN,,Beta,,\n\
             #1002,b@x.com,partially_refunded,,USD,20.00,20.00,0.00,2024-01-06 10:30:00 -0500,1,Bag,20.00,BAG,7.50,Acme,card,\n",
        )
        .await;
    assert_eq!(report.layout, "shopify-orders");
    assert_eq!(report.report.rejected, 0, "{:?}", report.report.rules);
    assert_eq!((report.report.rows_read, report.report.records), (3, 2));
    assert_eq!(
        shop.rows("orders", &format!("{ORDER}, gross, discount, category, attributes")).await,
        [
            "#1001|a@x.com|2024-01-05T23:30:00|completed|35.0000|0.0000|35.0000|5.0000|Beta|{\"Subtotal\":\"30.00\",\"Billing Zip\":\"02139\"}",
            "#1002|b@x.com|2024-01-06T23:30:00|partly_returned|20.0000|7.5000|20.0000|0.0000|Acme|{\"Subtotal\":\"20.00\"}",
        ]
    );
    assert_eq!(
        shop.rows("order_lines", "order_id, line_no, status, product_id, quantity, unit_price, amount").await,
        [
            "#1001|1|completed|MUG|1.0000|10.0000|10.0000",
            "#1001|2|completed|PEN|2.0000|12.5000|25.0000",
            "#1002|1|partly_returned|BAG|1.0000|20.0000|20.0000",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn woocommerce_writes_the_month_first() {
    let shop = Shop::new("USD").await;
    let report = shop
        .import(
            "woo.csv",
            "order_id,order_number,order_date,paid_date,status,shipping_total,order_total,order_currency,payment_method_title,customer_user,billing_email,billing_first_name\n\
             15,15,03/04/2024 18:05:00,03/04/2024 18:06:00,completed,3.00,33.00,USD,Card,7,a@x.com,Ann\n\
             16,16,03/05/2024 08:05:00,,refunded,3.00,13.00,USD,Card,7,a@x.com,Ann\n",
        )
        .await;
    assert_eq!(report.layout, "woocommerce-orders");
    assert_eq!(
        shop.rows("orders", ORDER).await,
        [
            "15|a@x.com|2024-03-04T18:05:00|completed|33.0000|0.0000",
            "16|a@x.com|2024-03-05T08:05:00|returned|13.0000|13.0000",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pinduoduo_names_no_buyer_unless_told() {
    let shop = Shop::new("CNY").await;
    let text = "商品,订单号,订单状态,商品总价(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),商品数量(件),订单成交时间,样式ID,售后状态,手机\n\
        袜子,240501-1,已收货,10.00,1.00,0.00,9.00,9.00,1,2024-05-01 10:00:00,1,无,13800138000\n\
        袜子,240501-2,\"已发货，退款成功\",10.00,1.00,0.00,9.00,9.00,1,2024-05-01 11:00:00,1,无,138****8000\n";
    let report = shop.import("pdd.csv", text).await;
    assert_eq!(report.layout, "pinduoduo-orders");
    assert!(report.note.is_some_and(|(en, _)| en.contains("customer_id=")));
    assert_eq!((report.report.rejected, report.report.count(Rule::MissingCustomer)), (2, 2));
    shop.undo("b0001").await;

    let mut request = shop.request(shop.file("pdd.csv", text));
    request.by_hand.set("customer_id", "手机").expect("a field");
    let report = shop.run(&request).await.expect("an import");
    assert_eq!(report.report.rejected, 1);
    assert_eq!(report.report.count(Rule::Masked), 1);
    assert_eq!(
        shop.rows("orders", ORDER).await,
        ["240501-1|13800138000|2024-05-01T10:00:00|completed|9.0000|0.0000"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn douyin_joins_goods_in_a_cell() {
    let shop = Shop::new("CNY").await;
    let text = "\u{feff}主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,订单提交时间,订单完成时间,订单状态,售后状态\n\
        \t6901,\t6901,面膜;口红,补水;红,1;2,MM;KH,99.00,0,张三,13800138000,2024-05-01 10:00:00,,已完成,-\n\
        \t6902,\t6902,面膜,补水,1,MM,39.00,0,李四,13900139000,2024-05-02 10:00:00,,已关闭,-\n";
    let report = shop.import("douyin.csv", text).await;
    assert_eq!(report.layout, "douyin-orders");
    assert_eq!((report.report.accepted, report.report.rejected), (2, 0), "{:?}", report.report.rules);
    assert_eq!(
        shop.rows("orders", ORDER).await,
        [
            "6901|13800138000|2024-05-01T10:00:00|completed|99.0000|0.0000",
            "6902|13900139000|2024-05-02T10:00:00|cancelled|39.0000|0.0000",
        ]
    );
    assert_eq!(
        shop.rows("order_lines", "order_id, line_no, product_id, product_name, quantity, amount").await,
        ["6901|1|MM|面膜|1.0000|99.0000", "6901|2|KH|口红|2.0000|", "6902|1|MM|面膜|1.0000|39.0000",]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_currencies_need_a_rate() {
    let text = "order_id,customer_id,ordered_at,amount,currency\n1,a,2024-01-01,10.00,GBP\n2,a,2024-01-02,10.00,USD\n3,b,2024-01-03,10.00,EUR\n";
    let mut settings = clientele_pipeline::workspace::Settings::new("GBP".parse().expect("a currency"));
    settings.rates.insert("USD".into(), rust_decimal::Decimal::new(8, 1));
    let shop = Shop::with(settings).await;
    let report = shop.import("orders.csv", text).await;
    assert_eq!((report.report.accepted, report.report.count(Rule::NoRate)), (2, 1));
    assert_eq!(
        shop.rows("orders", "order_id, amount, currency, original_amount, original_currency").await,
        ["1|10.0000|GBP||", "2|8.0000|GBP|10.0000|USD"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn named_columns_are_not_taken_by_position() {
    let shop = Shop::new("USD").await;
    let text = "{\"order_id\":\"7\",\"customer_id\":\"a\",\"ordered_at\":\"2024-01-01\",\"amount\":\"10\",\"status\":\"completed\"}\n";
    let report = shop.import("orders.jsonl", text).await;
    assert_eq!(report.layout, "generic-orders");
    assert_eq!(shop.rows("orders", "order_id, customer_id, amount").await, ["7|a|10.0000"]);
}
