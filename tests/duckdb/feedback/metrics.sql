-- Every figure by its definition in words.
CREATE TABLE bought AS
SELECT customer,
       count(*) FILTER (is_order) AS frequency,
       min(age) FILTER (is_order) AS recency, max(age) FILTER (is_order) AS tenure,
       count(*) FILTER (is_order AND back < 365) AS orders_365d,
       count(*) FILTER (is_order AND back < 180) AS orders_180d,
       count(*) FILTER (is_order AND back < 90) AS orders_90d,
       count(*) FILTER (is_return) AS return_count,
       coalesce(sum(net) FILTER (is_order OR is_return), 0)::BIGINT AS monetary,
       coalesce(sum(net) FILTER ((is_order OR is_return) AND back < 180), 0)::BIGINT AS spend_180d,
       sum(net - cost) FILTER ((is_order OR is_return) AND cost IS NOT NULL)::BIGINT AS margin,
       sum(net) FILTER ((is_order OR is_return) AND cost IS NOT NULL)::BIGINT AS net_with_cost,
       avg(amount) FILTER (is_order) AS amount_mean, stddev_samp(amount) FILTER (is_order) AS amount_stddev
FROM document GROUP BY customer;

CREATE TABLE behaved AS
SELECT customer,
       greatest(count(DISTINCT visit) FILTER (on_site AND back < 90)
                + count(*) FILTER (kind = 'visit' AND visit IS NULL AND back < 90),
                count(DISTINCT back) FILTER (on_site AND back < 90)) AS visits_90d,
       greatest(count(DISTINCT visit) FILTER (on_site AND back < 30)
                + count(*) FILTER (kind = 'visit' AND visit IS NULL AND back < 30),
                count(DISTINCT back) FILTER (on_site AND back < 30)) AS visits_30d,
       count(DISTINCT back) FILTER (on_site AND back < 90) AS site_days_90d,
       count(*) FILTER (kind = 'view' AND back < 90) AS views_90d,
       count(*) FILTER (kind = 'search' AND back < 90) AS searches_90d,
       count(*) FILTER (kind = 'cart' AND back < 90) AS carts_90d,
       count(DISTINCT back) FILTER (of_their_own AND back < 90) AS active_days_90d,
       count(DISTINCT back) FILTER (kind = 'cart' AND back < 365) AS cart_days,
       count(DISTINCT back) FILTER (kind = 'purchase' AND back < 365) AS purchase_days,
       count(DISTINCT back) FILTER (on_site AND back < 365) AS visit_days,
       count(*) FILTER (kind = 'campaign_sent' AND back < 365) AS promotions_sent_365d,
       greatest(count(*) FILTER (kind = 'campaign_click' AND back < 365),
                count(*) FILTER (kind = 'campaign_convert' AND back < 365)) AS campaign_responses_365d,
       count(*) FILTER (kind IN ('community_post', 'community_reply') AND back < 365) AS posts,
       count(*) FILTER (kind = 'review' AND back < 365) AS reviews,
       count(*) FILTER (kind = 'share' AND back < 365) AS shares,
       count(*) FILTER (kind = 'process_question' AND back < 180) AS process_questions
FROM event GROUP BY customer;

CREATE TABLE talked AS
SELECT customer,
       count(*) FILTER (kind = 'call' AND inbound AND back < 180) AS inbound_calls_180d,
       count(*) FILTER (kind = 'visit' AND inbound AND back < 180) AS site_visits_180d,
       count(*) FILTER (inbound AND back < 180) AS inbound_contacts_180d,
       coalesce(bool_or(outcome IN ('asked_process', '询问流程')), false) AS asked_process,
       coalesce(bool_or(outcome IN ('price_change_accepted', '接受调价')), false) AS price_change_accepted
FROM contact GROUP BY customer;

CREATE TABLE served AS
SELECT customer, count(*) FILTER (is_complaint) AS complaints, count(*) FILTER (closed IS NULL) AS open_tickets,
       avg(hours(opened, answered)) AS first_response_hours, avg(hours(opened, closed)) AS resolution_hours
FROM ticket GROUP BY customer;

CREATE TABLE said AS
SELECT customer,
       arg_max(value, answered) FILTER (survey = 'nps') AS nps_last,
       avg(value) FILTER (survey = 'nps') AS nps_mean,
       arg_max(value, answered) FILTER (survey = 'csat' AND top = 5) AS csat_last,
       avg(score) FILTER (survey = 'csat') AS csat_score_mean,
       count(*) FILTER (survey = 'csat' AND score >= 0.75)
           / nullif(count(*) FILTER (survey = 'csat'), 0) AS csat_top2,
       arg_max(value, answered) FILTER (survey = 'ces') AS ces_last,
       count(DISTINCT (survey, CAST(answered AS DATE))) FILTER (back(answered) < 365) AS surveys_answered_365d,
       -- Agreeing with the fifth and the sixth question speaks against what they ask for.
       avg(CASE question WHEN 'q5' THEN 1 - score ELSE score END)
           FILTER (is_newest AND survey = 'social-style' AND question IN ('q1', 'q3', 'q5')) AS answers_social_style_extrovert,
       avg(CASE question WHEN 'q6' THEN 1 - score ELSE score END)
           FILTER (is_newest AND survey = 'social-style' AND question IN ('q2', 'q4', 'q6')) AS answers_social_style_introvert,
       avg(CASE WHEN question IN ('q5', 'q6') THEN 1 - score ELSE score END)
           FILTER (is_newest AND survey = 'social-style') AS answers_social_style
FROM newest GROUP BY customer;

CREATE TABLE sold AS
SELECT customer,
       count(*) FILTER (outcome = 'open') AS open_opportunities,
       coalesce(sum(amount) FILTER (outcome = 'open'), 0)::BIGINT AS pipeline_value,
       coalesce(round(sum(amount * probability) FILTER (outcome = 'open')), 0)::BIGINT AS weighted_pipeline,
       count(*) FILTER (outcome = 'won') AS opportunities_won,
       count(*) FILTER (outcome = 'lost') AS opportunities_lost,
       coalesce(sum(amount) FILTER (outcome = 'won'), 0)::BIGINT AS won_value,
       coalesce(min(until) FILTER (outcome = 'open' AND until >= 0), max(until) FILTER (outcome = 'open'))
           AS days_to_expected_close
FROM sale GROUP BY customer;

CREATE TABLE tied AS
WITH pair AS (SELECT DISTINCT origin, target FROM tie),
buyer AS (SELECT DISTINCT customer FROM document WHERE is_order)
SELECT customer,
       (SELECT count(*) FROM pair WHERE customer IN (origin, target)) AS connections,
       (SELECT count(*) FROM tie WHERE origin = customer AND kind = 'referral') AS referrals_made,
       (SELECT count(*) FROM tie JOIN buyer ON target = buyer.customer
        WHERE origin = everyone.customer AND kind = 'referral') AS referrals_converted,
       (SELECT count(*) FROM tie WHERE target = customer AND kind = 'follows') AS graph_followers
FROM everyone;

CREATE TABLE known AS
SELECT customer_id AS customer,
       len(list_filter([name, email, phone, customer_type, gender, birth_date, company, occupation, country, province,
                        city, address, postcode, source_channel], lambda x: x IS NOT NULL)) / 14 AS profile_completeness,
       able_to_pay IN ('yes', '是') AS able_to_pay, offer_fit IN ('yes', '满意') AS offer_fit,
       CASE WHEN need IN ('clear', '需求明确') THEN 'clear' WHEN need IN ('latent', '潜在需求') THEN 'latent'
            WHEN need = '近期无需求' THEN 'later' WHEN need = 'no' THEN 'none' END AS need_state,
       CAST(followers AS BIGINT) AS follower_count, lead_status
FROM profile;

-- The stated estimates.
CREATE TABLE expected AS
WITH gap AS (
    SELECT *, greatest((tenure - recency + 90) / frequency, 7) AS expected_gap_days,
           least(greatest(tenure - recency, 365), 1095) AS expected_lifetime_days
    FROM bought WHERE frequency > 0),
churn AS (
    SELECT *, 1 - frequency / (frequency + 1) * pow(0.5, greatest(recency / expected_gap_days - 1, 0))
           AS churn_probability
    FROM gap),
rate AS (
    SELECT *, 365 * (frequency - 0.5) / (tenure + 90) * (1 - churn_probability) AS predicted_orders_365d,
           round(greatest(monetary, 0) / frequency * greatest(coalesce(
               CASE WHEN net_with_cost > 0 THEN margin / net_with_cost END,
               CASE WHEN margin IS NULL THEN 1 ELSE 0 END), 0))::BIGINT AS order_worth
    FROM churn)
SELECT customer, churn_probability, predicted_orders_365d, order_worth, expected_gap_days, expected_lifetime_days,
       round(predicted_orders_365d * greatest(monetary, 0) / frequency)::BIGINT AS predicted_spend_365d,
       round(predicted_orders_365d * expected_lifetime_days / 365 * order_worth)::BIGINT AS clv_estimate
FROM rate;

CREATE TABLE metrics AS
SELECT e.customer,
       coalesce(b.frequency, 0) AS frequency, coalesce(b.orders_365d, 0) AS orders_365d,
       coalesce(b.monetary, 0) AS monetary, coalesce(b.return_count, 0) AS return_count, b.margin,
       CASE WHEN b.net_with_cost > 0 THEN b.margin / b.net_with_cost END AS margin_rate,
       b.recency::DOUBLE AS recency_days, b.tenure::DOUBLE AS tenure_days,
       coalesce(v.visits_30d, 0) AS visits_30d, coalesce(v.visits_90d, 0) AS visits_90d,
       coalesce(v.views_90d, 0) AS views_90d, coalesce(v.searches_90d, 0) AS searches_90d,
       coalesce(v.carts_90d, 0) AS carts_90d, coalesce(v.active_days_90d, 0) AS active_days_90d,
       greatest(coalesce(v.site_days_90d, 0) - 1, 0) AS revisits_90d,
       CASE WHEN v.cart_days > 0 AND (v.purchase_days > 0 OR coalesce(b.orders_365d, 0) = 0)
            THEN greatest(1 - v.purchase_days / v.cart_days, 0) END AS cart_abandonment,
       CASE WHEN v.visit_days > 0 AND (v.purchase_days > 0 OR coalesce(b.orders_365d, 0) = 0)
            THEN v.purchase_days / v.visit_days END AS conversion,
       coalesce(v.promotions_sent_365d, 0) AS promotions_sent_365d,
       coalesce(v.campaign_responses_365d, 0) AS campaign_responses_365d,
       CASE WHEN v.promotions_sent_365d > 0
            THEN least(v.campaign_responses_365d / v.promotions_sent_365d, 1) END AS promotion_response,
       coalesce(c.inbound_calls_180d, 0) AS inbound_calls_180d, coalesce(c.site_visits_180d, 0) AS site_visits_180d,
       coalesce(c.inbound_contacts_180d, 0) AS inbound_contacts_180d,
       coalesce(c.asked_process, false) AS asked_process,
       coalesce(c.price_change_accepted, false) AS price_change_accepted,
       coalesce(t.complaints, 0) AS complaints, coalesce(t.open_tickets, 0) AS open_tickets,
       CASE WHEN b.frequency > 0 THEN least(coalesce(t.complaints, 0) / b.frequency, 1) END AS complaint_rate,
       t.first_response_hours, t.resolution_hours,
       s.nps_last, s.nps_mean, s.nps_last >= 9 AS recommends, s.csat_last, s.csat_score_mean, s.csat_top2, s.ces_last,
       coalesce(s.surveys_answered_365d, 0) AS surveys_answered_365d,
       s.answers_social_style, s.answers_social_style_extrovert, s.answers_social_style_introvert,
       coalesce(o.open_opportunities, 0) AS open_opportunities, coalesce(o.pipeline_value, 0) AS pipeline_value,
       coalesce(o.weighted_pipeline, 0) AS weighted_pipeline, coalesce(o.won_value, 0) AS won_value,
       o.opportunities_won / nullif(o.opportunities_won + o.opportunities_lost, 0) AS win_rate,
       o.days_to_expected_close::DOUBLE AS days_to_expected_close,
       g.connections, g.referrals_made, g.referrals_converted, g.graph_followers,
       g.referrals_converted / nullif(g.referrals_made, 0) AS referral_conversion,
       coalesce(k.cost, 0)::BIGINT AS cost_to_serve,
       b.margin - coalesce(k.cost, 0)::BIGINT AS customer_profit,
       CASE WHEN b.monetary > 0 AND b.net_with_cost > 0
            THEN b.margin / b.net_with_cost - coalesce(k.cost, 0) / b.monetary END AS customer_profit_rate,
       p.profile_completeness, p.able_to_pay, p.offer_fit, p.need_state, p.follower_count,
       x.expected_gap_days::DOUBLE AS expected_gap_days, x.churn_probability, x.predicted_orders_365d,
       x.predicted_spend_365d, x.order_worth, x.clv_estimate
FROM everyone e
LEFT JOIN bought b USING (customer) LEFT JOIN behaved v USING (customer) LEFT JOIN talked c USING (customer)
LEFT JOIN served t USING (customer) LEFT JOIN said s USING (customer) LEFT JOIN sold o USING (customer)
LEFT JOIN tied g USING (customer) LEFT JOIN known p USING (customer) LEFT JOIN expected x USING (customer)
LEFT JOIN (SELECT customer, sum(cost) AS cost FROM service GROUP BY customer) k USING (customer);
