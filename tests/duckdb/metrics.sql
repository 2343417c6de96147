-- Every figure of the library that this data can tell, by its definition in words.

-- Days between an order and the one before it.
CREATE TABLE gap AS
SELECT customer, days FROM (
    SELECT customer,
           (epoch_us(placed_at) - epoch_us(lag(placed_at) OVER (PARTITION BY customer ORDER BY placed_at)))
               / 86400e6 AS days
    FROM purchase)
WHERE days IS NOT NULL;

CREATE TABLE rhythm AS
SELECT customer,
       avg(days) AS gap_mean,
       median(days) AS gap_median,
       stddev_samp(days) AS gap_stddev,
       min(days) AS shortest_gap_days,
       max(days) AS gap_max,
       quantile_cont(days, 0.8) AS gap_p80
FROM gap GROUP BY customer;

-- Habits: the most frequent value, its share among the orders, the smallest value on a tie.
CREATE TABLE habit AS
WITH named AS (
    SELECT customer, 'daypart' AS about,
           CASE WHEN hour(placed_at) < 6 THEN 'night' WHEN hour(placed_at) < 12 THEN 'morning'
                WHEN hour(placed_at) < 18 THEN 'afternoon' ELSE 'evening' END AS value
    FROM purchase WHERE CAST(placed_at AS TIME) <> TIME '00:00:00'
    UNION ALL
    SELECT customer, 'weekday', CAST(isodow(placed_at) AS VARCHAR) FROM purchase),
counted AS (
    SELECT customer, about, value, count(*) AS orders FROM named GROUP BY ALL)
SELECT customer, about,
       first(value ORDER BY orders DESC, value) AS value,
       max(orders) / sum(orders) AS share
FROM counted GROUP BY customer, about;

CREATE TABLE basket AS
SELECT customer,
       count(DISTINCT product) AS distinct_products,
       CAST(sum(quantity) AS DOUBLE) AS units_bought,
       CAST(sum(amount) AS BIGINT) AS amount
FROM line
WHERE customer IS NOT NULL AND quantity > 0 AND placed_at < CAST(getvariable('as_of') AS TIMESTAMP)
GROUP BY customer;

CREATE TABLE bought AS
SELECT customer,
       count(*) AS frequency,
       min(age) AS recency,
       max(age) AS tenure,
       CAST(sum(paid) AS BIGINT) AS gross_spend,
       max(paid) AS largest_order,
       min(placed_at) AS first_order_at,
       max(placed_at) AS last_order_at,
       count(*) FILTER (back < 30) AS orders_30d,
       count(*) FILTER (back < 90) AS orders_90d,
       count(*) FILTER (back < 180) AS orders_180d,
       count(*) FILTER (back < 365) AS orders_365d,
       count(*) FILTER (back >= 365 AND back < 395) AS orders_30d_prior_year,
       count(*) FILTER (back >= 365 AND back < 455) AS orders_90d_prior_year,
       count(*) FILTER (back >= 365 AND back < 545) AS orders_180d_prior_year,
       count(*) FILTER (back >= 365 AND back < 730) AS orders_365d_prior_year,
       count(*) FILTER (isodow(placed_at) >= 6) / count(*) AS weekend_share
FROM purchase GROUP BY customer;

CREATE MACRO net(documents) AS CAST(coalesce(documents, 0) AS BIGINT);

CREATE TABLE money AS
SELECT customer,
       count(*) FILTER (is_credit_note) AS return_count,
       net(sum(refunded)) AS refunded_amount,
       net(sum(paid - refunded)) AS monetary,
       net(sum(paid - refunded) FILTER (back < 30)) AS spend_30d,
       net(sum(paid - refunded) FILTER (back < 90)) AS spend_90d,
       net(sum(paid - refunded) FILTER (back < 180)) AS spend_180d,
       net(sum(paid - refunded) FILTER (back < 365)) AS spend_365d,
       net(sum(paid - refunded) FILTER (back >= 365 AND back < 395)) AS spend_30d_prior_year,
       net(sum(paid - refunded) FILTER (back >= 365 AND back < 455)) AS spend_90d_prior_year,
       net(sum(paid - refunded) FILTER (back >= 365 AND back < 545)) AS spend_180d_prior_year,
       net(sum(paid - refunded) FILTER (back >= 365 AND back < 730)) AS spend_365d_prior_year
FROM document GROUP BY customer;

-- Half up to a ten-thousandth; the numbers here are never below zero.
CREATE MACRO over(whole, parts) AS CAST((2 * whole + parts) // (2 * parts) AS BIGINT);

-- The stated estimates. The file tells no costs, so an order is worth what was paid for it.
CREATE TABLE expected AS
WITH gap AS (
    SELECT b.customer, b.frequency, b.recency, b.tenure, greatest(m.monetary, 0) AS spend,
           greatest((b.tenure - b.recency + 90) / b.frequency, 7) AS gap_days,
           least(greatest(b.tenure - b.recency, 365), 1095) AS lifetime_days
    FROM bought b JOIN money m USING (customer)),
churn AS (
    SELECT *, 1 - frequency / (frequency + 1) * pow(0.5, greatest(recency / gap_days - 1, 0)) AS probability FROM gap),
rate AS (
    SELECT *, 365 * (frequency - 0.5) / (tenure + 90) * (1 - probability) AS orders FROM churn)
SELECT customer, CAST(gap_days AS DOUBLE) AS gap_days, CAST(lifetime_days AS DOUBLE) AS lifetime_days, probability, orders,
       CAST(round(orders * spend / frequency) AS BIGINT) AS spend,
       CAST(round(spend / frequency) AS BIGINT) AS worth,
       CAST(round(orders * lifetime_days / 365 * round(spend / frequency)) AS BIGINT) AS value
FROM rate;

CREATE TABLE metrics AS
WITH everyone AS (SELECT DISTINCT customer FROM line WHERE customer IS NOT NULL),
counts AS (
    SELECT e.customer,
           coalesce(b.frequency, 0) AS frequency, coalesce(m.return_count, 0) AS return_count,
           coalesce(b.gross_spend, 0) AS gross_spend, coalesce(m.refunded_amount, 0) AS refunded_amount,
           coalesce(m.monetary, 0) AS monetary,
           coalesce(b.orders_30d, 0) AS orders_30d, coalesce(b.orders_90d, 0) AS orders_90d,
           coalesce(b.orders_180d, 0) AS orders_180d, coalesce(b.orders_365d, 0) AS orders_365d,
           coalesce(b.orders_30d_prior_year, 0) AS orders_30d_prior_year,
           coalesce(b.orders_90d_prior_year, 0) AS orders_90d_prior_year,
           coalesce(b.orders_180d_prior_year, 0) AS orders_180d_prior_year,
           coalesce(b.orders_365d_prior_year, 0) AS orders_365d_prior_year,
           net(m.spend_30d) AS spend_30d, net(m.spend_90d) AS spend_90d, net(m.spend_180d) AS spend_180d,
           net(m.spend_365d) AS spend_365d, net(m.spend_30d_prior_year) AS spend_30d_prior_year,
           net(m.spend_90d_prior_year) AS spend_90d_prior_year,
           net(m.spend_180d_prior_year) AS spend_180d_prior_year,
           net(m.spend_365d_prior_year) AS spend_365d_prior_year,
           0 AS cancelled_orders
    FROM everyone e LEFT JOIN bought b USING (customer) LEFT JOIN money m USING (customer))
SELECT c.*,
       CAST(b.recency AS DOUBLE) AS recency_days, CAST(b.tenure AS DOUBLE) AS tenure_days,
       b.largest_order, b.first_order_at, b.last_order_at, b.weekend_share,
       r.gap_mean, r.gap_median, r.gap_stddev, r.shortest_gap_days, r.gap_max, r.gap_p80,
       d.value AS favourite_daypart, d.share AS favourite_daypart_share,
       CASE w.value WHEN '1' THEN 'monday' WHEN '2' THEN 'tuesday' WHEN '3' THEN 'wednesday'
            WHEN '4' THEN 'thursday' WHEN '5' THEN 'friday' WHEN '6' THEN 'saturday'
            WHEN '7' THEN 'sunday' END AS favourite_weekday,
       w.share AS favourite_weekday_share,
       k.distinct_products, k.units_bought,
       over(k.amount, CAST(k.units_bought AS BIGINT)) AS average_unit_price,
       CASE WHEN c.frequency > 0 THEN over(c.gross_spend, c.frequency) END AS average_order_value,
       CASE WHEN c.frequency > 0 THEN 0.0::DOUBLE END AS cancellation_rate,
       CASE WHEN c.frequency > 0 THEN 0.0::DOUBLE END AS cost_known_share,
       CASE WHEN c.frequency > 0 OR c.return_count = 0 THEN c.frequency END AS orders_on_record,
       CASE WHEN c.frequency > 0 THEN least(c.return_count / c.frequency, 1) END AS return_rate,
       CASE WHEN c.gross_spend > 0 THEN least(c.refunded_amount / c.gross_spend, 1) END AS refund_share,
       CASE WHEN c.frequency >= 3 THEN b.recency - r.gap_median END AS days_past_expected,
       c.frequency >= 2 AS repeat_purchase,
       coalesce(r.shortest_gap_days <= 30, false) AS two_in_row_30d,
       CASE WHEN b.tenure >= 730 AND c.spend_365d_prior_year > 0
            THEN c.spend_365d / c.spend_365d_prior_year - 1 END AS spend_growth,
       CASE WHEN b.tenure >= 455 AND c.spend_90d_prior_year > 0
            THEN c.spend_90d / c.spend_90d_prior_year - 1 END AS spend_growth_90d,
       x.gap_days AS expected_gap_days, x.lifetime_days AS expected_lifetime_days,
       x.probability AS churn_probability, x.orders AS predicted_orders_365d, x.spend AS predicted_spend_365d,
       x.worth AS order_worth, x.value AS clv_estimate
FROM counts c
LEFT JOIN bought b USING (customer)
LEFT JOIN rhythm r USING (customer)
LEFT JOIN basket k USING (customer)
LEFT JOIN expected x USING (customer)
LEFT JOIN habit d ON d.customer = c.customer AND d.about = 'daypart'
LEFT JOIN habit w ON w.customer = c.customer AND w.about = 'weekday';
